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
    send<C extends keyof Contract>(command: C, ...data: Arguments<C>): Promise<Contract[C]["reply"]>;
    /**
     * The first frame of a connection without proof; later ones prove the same person for longer.
     * @param {Arguments<"auth">} data
     */
    auth(data: import("./contract.d.ts").Auth): Promise<import("./contract.d.ts").Connected>;
    /**
     * Get a conversation.
     * @param {Arguments<"conversation:get">} data
     */
    conversationGet(data: import("./contract.d.ts").OneConversation): Promise<import("./contract.d.ts").Conversation>;
    /**
     * View a conversation: hear its details from now on.
     * @param {Arguments<"conversation:join">} data
     */
    conversationJoin(data: import("./contract.d.ts").OneConversation): Promise<import("./contract.d.ts").ConversationRef>;
    /**
     * Stop viewing a conversation.
     * @param {Arguments<"conversation:leave">} data
     */
    conversationLeave(data: import("./contract.d.ts").OneConversation): Promise<import("./contract.d.ts").ConversationRef>;
    /**
     * List the conversations of a view, most recent first.
     * @param {Arguments<"conversation:list">} data
     */
    conversationList(data?: import("./contract.d.ts").ListOfConversations | undefined): Promise<import("./contract.d.ts").ConversationPage>;
    /**
     * Move the card. It takes on the status that the column sets.
     * @param {Arguments<"conversation:move">} data
     */
    conversationMove(data: import("./contract.d.ts").ConversationMove): Promise<import("./contract.d.ts").Conversation>;
    /**
     * Change a conversation. One that moved on since `version` is a conflict that carries it as it is now.
     * @param {Arguments<"conversation:update">} data
     */
    conversationUpdate(data: import("./contract.d.ts").ConversationUpdate): Promise<import("./contract.d.ts").Conversation>;
    /**
     * Open the conversation with a colleague: the one there is, or a new one.
     * @param {Arguments<"direct:create">} data
     */
    directCreate(data: import("./contract.d.ts").NewDirect): Promise<import("./contract.d.ts").Conversation>;
    /**
     * Fetch what was missed; `resync`: too old, load everything again.
     * @param {Arguments<"events:since">} data
     */
    eventsSince(data: import("./contract.d.ts").Since): Promise<import("./contract.d.ts").Missed | import("./contract.d.ts").Resync>;
    /**
     * Begin a group; you are its administrator.
     * @param {Arguments<"group:create">} data
     */
    groupCreate(data: import("./contract.d.ts").NewGroup): Promise<import("./contract.d.ts").Conversation>;
    /**
     * Bring colleagues into a group.
     * @param {Arguments<"group:invite">} data
     */
    groupInvite(data: import("./contract.d.ts").GroupInvite): Promise<import("./contract.d.ts").Conversation>;
    /**
     * Join an open group.
     * @param {Arguments<"group:join">} data
     */
    groupJoin(data: import("./contract.d.ts").OneConversation): Promise<import("./contract.d.ts").Conversation>;
    /**
     * Leave a group. Its last administrator hands over to whoever ranks next.
     * @param {Arguments<"group:leave">} data
     */
    groupLeave(data: import("./contract.d.ts").OneConversation): Promise<import("./contract.d.ts").ConversationRef>;
    /**
     * List the groups you are in, and those you may join.
     * @param {Arguments<"group:list">} data
     */
    groupList(data?: import("./contract.d.ts").Nothing | undefined): Promise<import("./contract.d.ts").Groups>;
    /**
     * List the members of a group, the longest first.
     * @param {Arguments<"group:members">} data
     */
    groupMembers(data: import("./contract.d.ts").GroupMembers): Promise<import("./contract.d.ts").MemberPage>;
    /**
     * Put a member out of a group.
     * @param {Arguments<"group:remove">} data
     */
    groupRemove(data: import("./contract.d.ts").GroupRemove): Promise<import("./contract.d.ts").Conversation>;
    /**
     * Promote or demote a member of a group.
     * @param {Arguments<"group:role">} data
     */
    groupRole(data: import("./contract.d.ts").GroupMemberRole): Promise<import("./contract.d.ts").Conversation>;
    /**
     * Rename a group, open or close it.
     * @param {Arguments<"group:update">} data
     */
    groupUpdate(data: import("./contract.d.ts").GroupUpdate): Promise<import("./contract.d.ts").Conversation>;
    /**
     * End this socket, or sign the person out everywhere.
     * @param {Arguments<"logout">} data
     */
    logout(data?: import("./contract.d.ts").Logout | undefined): Promise<import("./contract.d.ts").Done>;
    /**
     * Delete a message for everyone. What a customer has got cannot be deleted.
     * @param {Arguments<"message:delete">} data
     */
    messageDelete(data: import("./contract.d.ts").OneMessage): Promise<import("./contract.d.ts").Message>;
    /**
     * Tell the authors of messages in chats that they are on your screen.
     * @param {Arguments<"message:delivered">} data
     */
    messageDelivered(data: import("./contract.d.ts").MessageIds): Promise<import("./contract.d.ts").Done>;
    /**
     * Change the words of your message. What a customer has got cannot be changed.
     * @param {Arguments<"message:edit">} data
     */
    messageEdit(data: import("./contract.d.ts").MessageEdit): Promise<import("./contract.d.ts").Message>;
    /**
     * Read a page of the thread, newest first.
     * @param {Arguments<"message:list">} data
     */
    messageList(data: import("./contract.d.ts").MessageList): Promise<import("./contract.d.ts").MessagePage>;
    /**
     * Set, replace or (null) remove your emoji on a message of a chat.
     * @param {Arguments<"message:react">} data
     */
    messageReact(data: import("./contract.d.ts").MessageReact): Promise<import("./contract.d.ts").Message>;
    /**
     * The conversation has been read.
     * @param {Arguments<"message:read">} data
     */
    messageRead(data: import("./contract.d.ts").ReadMessages): Promise<import("./contract.d.ts").Conversation>;
    /**
     * Take your message back: in a chat for five minutes, to a customer until WhatsApp gets it.
     * @param {Arguments<"message:recall">} data
     */
    messageRecall(data: import("./contract.d.ts").OneMessage): Promise<import("./contract.d.ts").Message>;
    /**
     * List who has got and read a message of a chat, by name.
     * @param {Arguments<"message:receipts">} data
     */
    messageReceipts(data: import("./contract.d.ts").OneMessage): Promise<import("./contract.d.ts").Receipts>;
    /**
     * Search one conversation, or all chats you are in, newest first.
     * @param {Arguments<"message:search">} data
     */
    messageSearch(data: import("./contract.d.ts").MessageSearch): Promise<import("./contract.d.ts").MessagePage>;
    /**
     * Write into a conversation. The same `clientId` again is answered with the message that it made.
     * @param {Arguments<"message:send">} data
     */
    messageSend(data: import("./contract.d.ts").MessageSend): Promise<import("./contract.d.ts").Message>;
    /**
     * Ask whether the connection still leads anywhere.
     * @param {Arguments<"ping">} data
     */
    ping(data?: import("./contract.d.ts").Nothing | undefined): Promise<import("./contract.d.ts").Pong>;
    /**
     * Who is there.
     * @param {Arguments<"presence:list">} data
     */
    presenceList(data?: import("./contract.d.ts").PresenceList | undefined): Promise<import("./contract.d.ts").Presences>;
    /**
     * Choose what to be for others, and say whether you do nothing at this socket.
     * @param {Arguments<"presence:update">} data
     */
    presenceUpdate(data?: import("./contract.d.ts").PresenceUpdate | undefined): Promise<import("./contract.d.ts").Presence>;
    /**
     * List the rooms that this socket is in.
     * @param {Arguments<"rooms:list">} data
     */
    roomsList(data?: import("./contract.d.ts").Nothing | undefined): Promise<import("./contract.d.ts").Rooms>;
    /**
     * Only on `/ws/status`: hear `message.status` of these conversations, and from now on nothing else.
     * @param {Arguments<"subscribe">} data
     */
    subscribe(data: import("./contract.d.ts").Conversations): Promise<import("./contract.d.ts").Subscribed>;
    /**
     * List the approved templates that a number can send, by name, with what is to be filled in.
     * @param {Arguments<"template:list">} data
     */
    templateList(data: import("./contract.d.ts").PageOfTemplates): Promise<import("./contract.d.ts").TemplatePage>;
    /**
     * You write in a conversation that you have joined.
     * @param {Arguments<"typing:start">} data
     */
    typingStart(data: import("./contract.d.ts").OneConversation): Promise<import("./contract.d.ts").ConversationRef>;
    /**
     * You do not write any more.
     * @param {Arguments<"typing:stop">} data
     */
    typingStop(data: import("./contract.d.ts").OneConversation): Promise<import("./contract.d.ts").ConversationRef>;
    /**
     * Only on `/ws/status`: hear these conversations no more.
     * @param {Arguments<"unsubscribe">} data
     */
    unsubscribe(data: import("./contract.d.ts").Conversations): Promise<import("./contract.d.ts").Subscribed>;
    /**
     * List the colleagues you talked to directly, the latest first.
     * @param {Arguments<"user:contacts">} data
     */
    userContacts(data?: import("./contract.d.ts").Nothing | undefined): Promise<import("./contract.d.ts").People>;
    /**
     * Search colleagues by name or e-mail address.
     * @param {Arguments<"user:search">} data
     */
    userSearch(data?: import("./contract.d.ts").PeopleQuery | undefined): Promise<import("./contract.d.ts").People>;
    /**
     * Who looks at which conversation.
     * @param {Arguments<"viewers:list">} data
     */
    viewersList(data?: import("./contract.d.ts").Nothing | undefined): Promise<import("./contract.d.ts").ViewersList>;
}
export type Contract = import("./contract.d.ts").Commands;
/**
 * What a command takes: its data, which may be left out when nothing in it is required.
 */
export type Arguments<C extends keyof Contract> = {} extends Contract[C]["data"] ? [data?: Contract[C]["data"]] : [data: Contract[C]["data"]];
