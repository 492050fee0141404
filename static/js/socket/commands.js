// @ts-check
// Written by `make contract` from the code of the server: do not edit.

/** @typedef {import("./contract.d.ts").Commands} Contract */
/**
 * What a command takes: its data, which may be left out when nothing in it is required.
 * @template {keyof Contract} C
 * @typedef {{} extends Contract[C]["data"] ? [data?: Contract[C]["data"]] : [data: Contract[C]["data"]]} Arguments
 */

/** A method for every command of the socket; `send` carries them. */
export class Commands {
  /**
   * @template {keyof Contract} C
   * @param {C} command
   * @param {Arguments<C>} data
   * @returns {Promise<Contract[C]["reply"]>}
   */
  send(command, ...data) {
    return Promise.reject(new Error(`${command} ${data} has no wire to go by`));
  }

  /**
   * The first frame of a connection without proof; later ones prove the same person for longer.
   * @param {Arguments<"auth">} data
   */
  auth(...data) {
    return this.send("auth", ...data);
  }

  /**
   * Get a conversation.
   * @param {Arguments<"conversation:get">} data
   */
  conversationGet(...data) {
    return this.send("conversation:get", ...data);
  }

  /**
   * View a conversation: hear its details from now on.
   * @param {Arguments<"conversation:join">} data
   */
  conversationJoin(...data) {
    return this.send("conversation:join", ...data);
  }

  /**
   * Stop viewing a conversation.
   * @param {Arguments<"conversation:leave">} data
   */
  conversationLeave(...data) {
    return this.send("conversation:leave", ...data);
  }

  /**
   * List the conversations of a view, most recent first.
   * @param {Arguments<"conversation:list">} data
   */
  conversationList(...data) {
    return this.send("conversation:list", ...data);
  }

  /**
   * Move the card. It takes on the status that the column sets.
   * @param {Arguments<"conversation:move">} data
   */
  conversationMove(...data) {
    return this.send("conversation:move", ...data);
  }

  /**
   * Change a conversation. One that moved on since `version` is a conflict that carries it as it is now.
   * @param {Arguments<"conversation:update">} data
   */
  conversationUpdate(...data) {
    return this.send("conversation:update", ...data);
  }

  /**
   * Fetch what was missed; `resync`: too old, load everything again.
   * @param {Arguments<"events:since">} data
   */
  eventsSince(...data) {
    return this.send("events:since", ...data);
  }

  /**
   * End this socket, or sign the person out everywhere.
   * @param {Arguments<"logout">} data
   */
  logout(...data) {
    return this.send("logout", ...data);
  }

  /**
   * Read a page of the thread, newest first.
   * @param {Arguments<"message:list">} data
   */
  messageList(...data) {
    return this.send("message:list", ...data);
  }

  /**
   * The conversation has been read.
   * @param {Arguments<"message:read">} data
   */
  messageRead(...data) {
    return this.send("message:read", ...data);
  }

  /**
   * Write into a conversation. The same `clientId` again is answered with the message that it made.
   * @param {Arguments<"message:send">} data
   */
  messageSend(...data) {
    return this.send("message:send", ...data);
  }

  /**
   * Ask whether the connection still leads anywhere.
   * @param {Arguments<"ping">} data
   */
  ping(...data) {
    return this.send("ping", ...data);
  }

  /**
   * Who is there.
   * @param {Arguments<"presence:list">} data
   */
  presenceList(...data) {
    return this.send("presence:list", ...data);
  }

  /**
   * Choose what to be for others, and say whether you do nothing at this socket.
   * @param {Arguments<"presence:update">} data
   */
  presenceUpdate(...data) {
    return this.send("presence:update", ...data);
  }

  /**
   * List the rooms that this socket is in.
   * @param {Arguments<"rooms:list">} data
   */
  roomsList(...data) {
    return this.send("rooms:list", ...data);
  }

  /**
   * The first frame of a connection without proof; later ones prove the same person for longer.
   * @param {Arguments<"subscribe">} data
   */
  subscribe(...data) {
    return this.send("subscribe", ...data);
  }

  /**
   * You write in a conversation that you have joined.
   * @param {Arguments<"typing:start">} data
   */
  typingStart(...data) {
    return this.send("typing:start", ...data);
  }

  /**
   * You do not write any more.
   * @param {Arguments<"typing:stop">} data
   */
  typingStop(...data) {
    return this.send("typing:stop", ...data);
  }

  /**
   * The first frame of a connection without proof; later ones prove the same person for longer.
   * @param {Arguments<"unsubscribe">} data
   */
  unsubscribe(...data) {
    return this.send("unsubscribe", ...data);
  }

  /**
   * Who looks at which conversation.
   * @param {Arguments<"viewers:list">} data
   */
  viewersList(...data) {
    return this.send("viewers:list", ...data);
  }
}
