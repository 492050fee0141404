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
   * Open the conversation with a colleague: the one there is, or a new one.
   * @param {Arguments<"direct:create">} data
   */
  directCreate(...data) {
    return this.send("direct:create", ...data);
  }

  /**
   * Fetch what was missed; `resync`: too old, load everything again.
   * @param {Arguments<"events:since">} data
   */
  eventsSince(...data) {
    return this.send("events:since", ...data);
  }

  /**
   * Begin a group; you are its administrator.
   * @param {Arguments<"group:create">} data
   */
  groupCreate(...data) {
    return this.send("group:create", ...data);
  }

  /**
   * Bring colleagues into a group.
   * @param {Arguments<"group:invite">} data
   */
  groupInvite(...data) {
    return this.send("group:invite", ...data);
  }

  /**
   * Join an open group.
   * @param {Arguments<"group:join">} data
   */
  groupJoin(...data) {
    return this.send("group:join", ...data);
  }

  /**
   * Leave a group. Its last administrator hands over to whoever ranks next.
   * @param {Arguments<"group:leave">} data
   */
  groupLeave(...data) {
    return this.send("group:leave", ...data);
  }

  /**
   * List the groups you are in, and those you may join.
   * @param {Arguments<"group:list">} data
   */
  groupList(...data) {
    return this.send("group:list", ...data);
  }

  /**
   * List the members of a group, the longest first.
   * @param {Arguments<"group:members">} data
   */
  groupMembers(...data) {
    return this.send("group:members", ...data);
  }

  /**
   * Put a member out of a group.
   * @param {Arguments<"group:remove">} data
   */
  groupRemove(...data) {
    return this.send("group:remove", ...data);
  }

  /**
   * Promote or demote a member of a group.
   * @param {Arguments<"group:role">} data
   */
  groupRole(...data) {
    return this.send("group:role", ...data);
  }

  /**
   * Rename a group, open or close it.
   * @param {Arguments<"group:update">} data
   */
  groupUpdate(...data) {
    return this.send("group:update", ...data);
  }

  /**
   * End this socket, or sign the person out everywhere.
   * @param {Arguments<"logout">} data
   */
  logout(...data) {
    return this.send("logout", ...data);
  }

  /**
   * Delete a message for everyone. What a customer has got cannot be deleted.
   * @param {Arguments<"message:delete">} data
   */
  messageDelete(...data) {
    return this.send("message:delete", ...data);
  }

  /**
   * Tell the authors of messages in chats that they are on your screen.
   * @param {Arguments<"message:delivered">} data
   */
  messageDelivered(...data) {
    return this.send("message:delivered", ...data);
  }

  /**
   * Change the words of your message. What a customer has got cannot be changed.
   * @param {Arguments<"message:edit">} data
   */
  messageEdit(...data) {
    return this.send("message:edit", ...data);
  }

  /**
   * Read a page of the thread, newest first.
   * @param {Arguments<"message:list">} data
   */
  messageList(...data) {
    return this.send("message:list", ...data);
  }

  /**
   * Set, replace or (null) remove your emoji on a message of a chat.
   * @param {Arguments<"message:react">} data
   */
  messageReact(...data) {
    return this.send("message:react", ...data);
  }

  /**
   * The conversation has been read.
   * @param {Arguments<"message:read">} data
   */
  messageRead(...data) {
    return this.send("message:read", ...data);
  }

  /**
   * Take your message back: in a chat for five minutes, to a customer until WhatsApp gets it.
   * @param {Arguments<"message:recall">} data
   */
  messageRecall(...data) {
    return this.send("message:recall", ...data);
  }

  /**
   * List who has got and read a message of a chat, by name.
   * @param {Arguments<"message:receipts">} data
   */
  messageReceipts(...data) {
    return this.send("message:receipts", ...data);
  }

  /**
   * Search one conversation, or all chats you are in, newest first.
   * @param {Arguments<"message:search">} data
   */
  messageSearch(...data) {
    return this.send("message:search", ...data);
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
   * Only on `/ws/status`: hear `message.status` of these conversations, and from now on nothing else.
   * @param {Arguments<"subscribe">} data
   */
  subscribe(...data) {
    return this.send("subscribe", ...data);
  }

  /**
   * List the approved templates that a number can send, by name, with what is to be filled in.
   * @param {Arguments<"template:list">} data
   */
  templateList(...data) {
    return this.send("template:list", ...data);
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
   * Only on `/ws/status`: hear these conversations no more.
   * @param {Arguments<"unsubscribe">} data
   */
  unsubscribe(...data) {
    return this.send("unsubscribe", ...data);
  }

  /**
   * List the colleagues you talked to directly, the latest first.
   * @param {Arguments<"user:contacts">} data
   */
  userContacts(...data) {
    return this.send("user:contacts", ...data);
  }

  /**
   * Search colleagues by name or e-mail address.
   * @param {Arguments<"user:search">} data
   */
  userSearch(...data) {
    return this.send("user:search", ...data);
  }

  /**
   * Who looks at which conversation.
   * @param {Arguments<"viewers:list">} data
   */
  viewersList(...data) {
    return this.send("viewers:list", ...data);
  }
}
