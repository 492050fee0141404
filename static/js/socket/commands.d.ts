/** @typedef {import("./contract").Commands} Contract */
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
    send<C extends keyof Contract>(command: C, ...data: Arguments<C>): Promise<Contract[C]["reply"]>;
    /**
     * The first frame of a connection without proof; later ones prove the same person for longer.
     * @param {Arguments<"auth">} data
     */
    auth(data: import("./contract").Auth): Promise<import("./contract").Connected>;
    /**
     * Get a conversation.
     * @param {Arguments<"conversation:get">} data
     */
    conversationGet(data: import("./contract").OneConversation): Promise<import("./contract").Conversation>;
    /**
     * View a conversation: hear its details from now on.
     * @param {Arguments<"conversation:join">} data
     */
    conversationJoin(data: import("./contract").OneConversation): Promise<import("./contract").ConversationRef>;
    /**
     * Stop viewing a conversation.
     * @param {Arguments<"conversation:leave">} data
     */
    conversationLeave(data: import("./contract").OneConversation): Promise<import("./contract").ConversationRef>;
    /**
     * List the conversations of a view, most recent first.
     * @param {Arguments<"conversation:list">} data
     */
    conversationList(data?: import("./contract").ListOfConversations | undefined): Promise<import("./contract").ConversationPage>;
    /**
     * Move the card. It takes on the status that the column sets.
     * @param {Arguments<"conversation:move">} data
     */
    conversationMove(data: import("./contract").ConversationMove): Promise<import("./contract").Conversation>;
    /**
     * Change a conversation. One that moved on since `version` is a conflict that carries it as it is now.
     * @param {Arguments<"conversation:update">} data
     */
    conversationUpdate(data: import("./contract").ConversationUpdate): Promise<import("./contract").Conversation>;
    /**
     * Fetch what was missed; `resync`: too old, load everything again.
     * @param {Arguments<"events:since">} data
     */
    eventsSince(data: import("./contract").Since): Promise<import("./contract").Missed | import("./contract").Resync>;
    /**
     * End this socket, or sign the person out everywhere.
     * @param {Arguments<"logout">} data
     */
    logout(data?: import("./contract").Logout | undefined): Promise<import("./contract").Done>;
    /**
     * Read a page of the thread, newest first.
     * @param {Arguments<"message:list">} data
     */
    messageList(data: import("./contract").MessageList): Promise<import("./contract").MessagePage>;
    /**
     * The conversation has been read.
     * @param {Arguments<"message:read">} data
     */
    messageRead(data: import("./contract").MessageRead): Promise<import("./contract").Conversation>;
    /**
     * Write into a conversation. The same `clientId` again is answered with the message that it made.
     * @param {Arguments<"message:send">} data
     */
    messageSend(data: import("./contract").MessageSend): Promise<import("./contract").Message>;
    /**
     * Ask whether the connection still leads anywhere.
     * @param {Arguments<"ping">} data
     */
    ping(data?: import("./contract").Nothing | undefined): Promise<import("./contract").Pong>;
    /**
     * Who is there.
     * @param {Arguments<"presence:list">} data
     */
    presenceList(data?: import("./contract").PresenceList | undefined): Promise<import("./contract").Presences>;
    /**
     * Choose what to be for others, and say whether you do nothing at this socket.
     * @param {Arguments<"presence:update">} data
     */
    presenceUpdate(data?: import("./contract").PresenceUpdate | undefined): Promise<import("./contract").Presence>;
    /**
     * List the rooms that this socket is in.
     * @param {Arguments<"rooms:list">} data
     */
    roomsList(data?: import("./contract").Nothing | undefined): Promise<import("./contract").Rooms>;
    /**
     * The first frame of a connection without proof; later ones prove the same person for longer.
     * @param {Arguments<"subscribe">} data
     */
    subscribe(data: import("./contract").Conversations): Promise<import("./contract").Subscribed>;
    /**
     * You write in a conversation that you have joined.
     * @param {Arguments<"typing:start">} data
     */
    typingStart(data: import("./contract").OneConversation): Promise<import("./contract").ConversationRef>;
    /**
     * You do not write any more.
     * @param {Arguments<"typing:stop">} data
     */
    typingStop(data: import("./contract").OneConversation): Promise<import("./contract").ConversationRef>;
    /**
     * The first frame of a connection without proof; later ones prove the same person for longer.
     * @param {Arguments<"unsubscribe">} data
     */
    unsubscribe(data: import("./contract").Conversations): Promise<import("./contract").Subscribed>;
    /**
     * Who looks at which conversation.
     * @param {Arguments<"viewers:list">} data
     */
    viewersList(data?: import("./contract").Nothing | undefined): Promise<import("./contract").ViewersList>;
}
export type Contract = import("./contract").Commands;
/**
 * What a command takes: its data, which may be left out when nothing in it is required.
 */
export type Arguments<C extends keyof Contract> = {} extends Contract[C]["data"] ? [data?: Contract[C]["data"]] : [data: Contract[C]["data"]];
