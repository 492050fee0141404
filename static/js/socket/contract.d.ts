// Written by `make contract` from the code of the server: do not edit.

/** A file. `url` is None until state is READY. */
export interface Attachment {
  id: string;
  state: string;
  mimeType: string;
  filename: string;
  size: number | null;
  url: string | null;
  thumbnailUrl: string | null;
  width: number | null;
  height: number | null;
}

/** The first frame of a connection without proof; later ones prove the same person for longer. */
export interface Auth {
  token: string;
}

/** The HTML of what the event with the same seq changed, for sockets that asked for it. Has a seq, but no `prev`. */
export interface BoardFragments {
  fragments: Array<Fragment>;
}

/** A button that opens a list of up to ten rows. */
export interface ChoiceList {
  type: "list";
  header?: string;
  footer?: string;
  button: string;
  sections: Array<ListSection>;
}

/** The last event of a connection that has no close codes of its own (Socket.IO, TCP). */
export interface Closed {
  code: number;
  reason: string;
}

/** A Socket.IO client asked for no acknowledgement, and there is something to say all the same. */
export interface CommandFailed {
  command: string;
  error: Problem;
}

/** The proof was good. `seq` is the newest event there is, `heartbeat` the seconds between two pings. `expires_at` is when the token ends, and the socket with it, unless `auth` brings another. A client whose person has done nothing for `away_after` seconds says that it is idle (`presence:update`). */
export interface Connected {
  user: Person;
  tenant: Tenant;
  socketId: string;
  seq: number;
  expiresAt: string | null;
  heartbeat: number;
  awayAfter: number;
  limits: Limits;
}

/** A customer. */
export interface Contact {
  id: string;
  phoneNumber: string;
  name: string;
}

/** Only conversations with all of these; what is left out does not matter. */
export interface ConversationFilters {
  status?: "OPEN" | "PENDING" | "SNOOZED" | "RESOLVED" | null;
  assigneeId?: string | null;
  teamId?: string | null;
  columnId?: string | null;
  numberId?: string | null;
  contactId?: string | null;
  labelId?: string | null;
}

export interface ConversationMove {
  columnId: string;
  afterId?: string | null;
  beforeId?: string | null;
  version?: number | null;
  conversationId: string;
}

/** A conversation began; among colleagues, `user_ids` are the two. */
export interface ConversationNew {
  conversationId: string;
  conversation: Conversation;
  userIds?: Array<string>;
}

/** One conversation. */
export interface Conversation {
  id: string;
  kind: string;
  title: string;
  contact: Contact | null;
  numberId: string | null;
  status: string;
  assignee: Ref | null;
  team: Ref | null;
  columnId: string | null;
  labels: Array<Ref>;
  priority: number;
  unreadCount: number | null;
  lastMessage: LastMessage | null;
  lastMessageAt: string | null;
  waitingSince: string | null;
  windowExpiresAt: string | null;
  snoozedUntil: string | null;
  participants: Array<Participant>;
  version: number;
  participantCount?: number;
  isOpen?: boolean;
  messageCount?: number;
  deliveredPlace?: number;
  readPlace?: number;
  mentionCount?: number | null;
}

/** Most recent first; `cursor` asks for the next page, null on the last. */
export interface ConversationPage {
  items: Array<Conversation>;
  cursor: string | null;
}

/** The conversation whose room was entered or left. */
export interface ConversationRef {
  conversationId: string;
}

export interface ConversationUpdate {
  version?: number | null;
  status?: "OPEN" | "PENDING" | "SNOOZED" | "RESOLVED";
  assigneeId?: string | null;
  teamId?: string | null;
  labels?: Array<string>;
  priority?: -1 | 0 | 1 | 2;
  snoozedUntil?: string | null;
  conversationId: string;
}

/** Something that its card or header shows changed. `updates` holds the new values by their JSON names. */
export interface ConversationUpdated {
  conversationId: string;
  version: number;
  updates: Record<string, any>;
  lastMessage?: LastMessage | null;
  lastMessageAt?: string | null;
}

/** Who looks at a conversation has changed; the list is the whole truth, without those who are idle. */
export interface ConversationViewers {
  conversationId: string;
  viewers: Array<Ref>;
}

/** One or several. */
export interface Conversations {
  conversationId: string | Array<string>;
}

/** There is nothing to say about it. */
export interface Done {
}

/** Why a message failed: WhatsApp's code (or ours), a title in plain words and what to do about it. */
export interface Error {
  code: string;
  title: string;
  advice: string;
}

/** HTML for the element with the DOM id `target`, of the object `id` in `version`, for those in `room`. A card says where it belongs by `column_id`, `rank` and `id`; a message by `conversation_id`, `said_at` and `order`. */
export interface Fragment {
  kind: string;
  id: string;
  version: number;
  html: string;
  room: string;
  target: string;
  conversationId?: string | null;
  columnId?: string | null;
  rank?: string | null;
  saidAt?: string | null;
  order?: string | null;
}

/** Somebody began a group with these people, themselves among them. */
export interface GroupCreated {
  conversationId: string;
  conversation: Conversation;
  userIds: Array<string>;
  by: Ref;
}

export interface GroupInvite {
  userIds: Array<string>;
  conversationId: string;
}

/** People came into a group: by themselves, or invited. */
export interface GroupJoined {
  conversationId: string;
  conversation: Conversation;
  userIds: Array<string>;
  by: Ref;
}

/** Somebody left a group, or was removed: from here on they hear nothing of it. */
export interface GroupLeft {
  conversationId: string;
  conversation: Conversation;
  userIds: Array<string>;
  by: Ref;
}

export interface GroupMemberRole {
  role: "ADMIN" | "MODERATOR" | "MEMBER";
  conversationId: string;
  userId: string;
}

export interface GroupMembers {
  cursor?: string | null;
  limit?: number;
  conversationId: string;
}

/** A group as those see it who may come in: nothing of what is said in it. */
export interface Group {
  id: string;
  title: string;
  participantCount: number;
  isOpen: boolean;
  isMember: boolean;
}

export interface GroupRemove {
  conversationId: string;
  userId: string;
}

export interface GroupUpdate {
  title?: string | null;
  isOpen?: boolean | null;
  conversationId: string;
}

/** A group's name, door or roles changed. */
export interface GroupUpdated {
  conversationId: string;
  conversation: Conversation;
  by: Ref;
}

/** By title. */
export interface Groups {
  items: Array<Group>;
}

/** What a card shows of the newest message. */
export interface LastMessage {
  id: string | null;
  preview: string;
  type: string;
  direction: string;
  status: string;
  author?: string;
}

/** What a person may do, over all their sockets. */
export interface Limits {
  commandsPerMinute: number;
  burst: number;
  socketsPerUser: number;
  frameBytes: number;
}

/** A button that opens an address. */
export interface LinkButton {
  type: "cta_url";
  header?: string;
  footer?: string;
  button: string;
  url: string;
}

/** The socket names the filters apart, REST beside the others in the address. */
export interface ListOfConversations {
  view?: "all" | "chats" | "mine" | "open" | "unassigned";
  cursor?: string | null;
  limit?: number;
  filters?: ConversationFilters;
}

/** What the customer chooses; `id` comes back with the answer. */
export interface ListRow {
  id: string;
  title: string;
  description?: string;
}

/** Rows that belong together; where there are several sections each has a title. */
export interface ListSection {
  rows: Array<ListRow>;
  title?: string;
}

/** `all` signs the person out everywhere: every socket, every browser, every token. */
export interface Logout {
  all?: boolean;
}

/** The longest first; `cursor` asks for the next page, null on the last. */
export interface MemberPage {
  items: Array<Participant>;
  cursor: string | null;
}

/** Its author took a message back after it was sent. */
export interface MessageDeleted {
  conversationId: string;
  messageId: string;
  version: number;
}

/** A colleague's screens have got a chat up to a message. The last two: what everybody in it has. */
export interface MessageDelivered {
  conversationId: string;
  userId: string;
  upToId: string;
  place: number;
  at: string;
  deliveredPlace: number;
  readPlace: number;
}

export interface MessageEdit {
  content: string;
  messageId: string;
}

/** Its author changed a message. */
export interface MessageEdited {
  conversationId: string;
  message: Message;
}

/** Messages of chats that have arrived on a screen. */
export interface MessageIds {
  messageIds: Array<string>;
}

export interface MessageList {
  before?: string | null;
  after?: string | null;
  limit?: number;
  conversationId: string;
}

/** A message was stored: received, queued for sending, or written among us. */
export interface MessageNew {
  conversationId: string;
  message: Message;
}

/** One message. */
export interface Message {
  id: string;
  conversationId: string;
  whatsappMessageId: string | null;
  clientId: string | null;
  direction: string;
  type: string;
  content: string;
  metadata: Record<string, any>;
  status: string;
  error: Error | null;
  replyTo: Quote | null;
  attachments: Array<Attachment>;
  reactions: Array<Reaction>;
  sender: Ref;
  contact: Contact | null;
  timestamp: string;
  receivedAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  version: number;
  place?: number | null;
  recallableUntil?: string | null;
}

/** Newest first; `more` says whether there are further ones in the direction that was asked for. */
export interface MessagePage {
  items: Array<Message>;
  more: boolean;
}

export interface MessageReact {
  emoji: string | null;
  messageId: string;
}

/** The emojis on a message changed; the list is the whole truth. */
export interface MessageReaction {
  conversationId: string;
  messageId: string;
  reactions: Array<Reaction>;
  version: number;
}

/** A colleague has read a chat up to a message; the counts are what is left for them. */
export interface MessageRead {
  conversationId: string;
  userId: string;
  upToId: string;
  place: number;
  at: string;
  deliveredPlace: number;
  readPlace: number;
  unreadCount: number;
  mentionCount: number;
}

/** Its author took a message back before it was sent, or in a chat within five minutes. */
export interface MessageRecalled {
  conversationId: string;
  messageId: string;
  clientId: string | null;
  status: string;
  version: number;
}

/** Words in one conversation, or in all chats one is in. `before` is the last message of the page before. */
export interface MessageSearch {
  q: string;
  conversationId?: string | null;
  before?: string | null;
  limit?: number;
}

/** `client_id` is made by the client: the same one twice is one message. */
export interface MessageSend {
  type?: "TEXT" | "IMAGE" | "VIDEO" | "AUDIO" | "VOICE" | "DOCUMENT" | "STICKER" | "LOCATION" | "CONTACTS" | "INTERACTIVE" | "BUTTON" | "TEMPLATE" | "REACTION" | "ORDER" | "SYSTEM" | "UNSUPPORTED" | "NOTE" | "ACTIVITY";
  content?: string;
  replyToId?: string | null;
  attachmentIds?: Array<string>;
  mentionIds?: Array<string>;
  undoable?: boolean;
  lastSeenSeq?: number | null;
  template?: TemplateDraft | null;
  interactive?: ReplyButtons | ChoiceList | LinkButton | null;
  conversationId: string;
  clientId: string;
}

/** Only on `/ws/status`: what `message:status-update` tells, by its `seq`, to those who have subscribed. */
export interface MessageStatus {
  conversationId: string;
  messageId: string;
  clientId: string | null;
  status: string;
  version: number;
  error?: Error | null;
}

/** A message went a step further, or failed. */
export interface MessageStatusUpdate {
  conversationId: string;
  messageId: string;
  clientId: string | null;
  status: string;
  version: number;
  error?: Error | null;
}

/** What a message shows changed without an edit: its file has arrived or never will, what it answers has come. */
export interface MessageUpdated {
  conversationId: string;
  message: Message;
}

/** `seq` is the last one looked at, whoever it was for: ask for what follows it while `more` is true. */
export interface Missed {
  events: Array<MissedEvent>;
  seq: number;
  more: boolean;
}

/** An event as it was sent, but for `prev`, which is the one before it in the list. */
export interface MissedEvent {
  type: string;
  seq: number;
  at: string;
  data: any;
}

/** With whom. */
export interface NewDirect {
  userId: string;
}

/** Colleagues may join an open group by themselves. */
export interface NewGroup {
  userIds?: Array<string>;
  title: string;
  isOpen?: boolean;
}

/** A command without data. */
export interface Nothing {
}

/** Something concerns one person, who alone hears of it. `by` is who did it, `preview` their words. `title` is the contact's, the group's or, in a direct conversation, the other one's name. */
export interface NotificationNew {
  kind: string;
  conversationId: string;
  messageId: string | null;
  title: string;
  preview: string;
  messageType: string | null;
  by: Ref;
  at: string;
}

export interface OneConversation {
  conversationId: string;
}

export interface OneMessage {
  messageId: string;
}

/** What can be sent over a number. `search` is words of the name or the text; `cursor` is of the page before. */
export interface PageOfTemplates {
  numberId: string;
  search?: string;
  cursor?: string | null;
  limit?: number;
}

/** A colleague in a chat, and up to which of its messages they have got and read. */
export interface Participant {
  user: Ref;
  role: string;
  joinedAt: string;
  deliveredPlace: number;
  readPlace: number;
}

/** Colleagues, the first ones only. */
export interface People {
  items: Array<Person>;
}

/** `q` is a part of the name or the e-mail address. */
export interface PeopleQuery {
  q?: string;
}

/** Somebody who works here. */
export interface Person {
  id: string;
  name: string;
  email: string;
  role: string;
}

/** What is to be filled in; of a button, `name` is its place. `suggests`: what probably belongs there. */
export interface Placeholder {
  component: "body" | "buttons" | "header";
  name: string;
  example: string;
  suggests: "contactName" | null;
}

/** The server's clock, and the newest seq that this socket has been told of. */
export interface Pong {
  serverTime: string;
  seq: number;
}

/** Somebody came, went, became idle or chose otherwise; several at once when many do. */
export interface PresenceChanged {
  presences: Array<Presence>;
}

/** Of whom; without it, of everybody who is connected. `known` is the stamp of the list that the client has. */
export interface PresenceList {
  userIds?: Array<string> | null;
  known?: string | null;
}

/** Whether somebody is there: what they chose, what was measured, and `status`, which is what a dot shows of both. `last_seen_at` is None while they are connected, and of those who never were. */
export interface Presence {
  userId: string;
  status: string;
  availability: string;
  connected: boolean;
  idle: boolean;
  lastSeenAt: string | null;
}

/** `status` is what somebody chooses to be; `idle` whether they do nothing at this socket. */
export interface PresenceUpdate {
  status?: "online" | "away" | "busy" | "offline" | null;
  idle?: boolean | null;
}

/** Whoever is not in it is offline. `items` is None when what the client has is still true. */
export interface Presences {
  items: Array<Presence> | null;
  stamp: string | null;
}

/** Why a request was not done. `current` is what stands instead, for `conflict`. */
export interface Problem {
  code: string;
  message: string;
  fields?: Record<string, string>;
  retryAfterMs?: number;
  current?: any;
}

/** The message that a reply answers; without id when we do not hold it. */
export interface Quote {
  id: string | null;
  preview: string;
}

/** One person's emoji on a message. PENDING: WhatsApp has not taken it yet, or has not removed it. */
export interface Reaction {
  emoji: string;
  sender: Ref;
  status?: string;
}

export interface ReadMessages {
  upToId?: string | null;
  messageIds?: Array<string>;
  conversationId: string;
}

/** When a colleague got and read a message; null: not yet. */
export interface Receipt {
  user: Ref;
  deliveredAt: string | null;
  readAt: string | null;
}

/** Of everybody for whom a message was meant, by name. */
export interface Receipts {
  items: Array<Receipt>;
}

/** A person, contact or system that is named beside something else. */
export interface Ref {
  id: string | null;
  name: string;
  kind: string;
}

/** What the customer presses; `id` comes back with the answer. */
export interface ReplyButton {
  id: string;
  title: string;
}

/** Up to three buttons to answer with. */
export interface ReplyButtons {
  type: "button";
  header?: string;
  footer?: string;
  buttons: Array<ReplyButton>;
}

/** Too old or too much: load the page again, and go on from `seq`. */
export interface Resync {
  resync: boolean;
  seq: number;
}

/** The rooms this socket is in, by name. */
export interface Rooms {
  rooms: Array<string>;
}

/** The process is going to close this socket with 1012 within four seconds. */
export interface ServerShutdown {
  reason: string;
}

/** Role, name or rooms changed while the socket was open; `rooms_left` will not be heard any more. */
export interface SessionChanged {
  user: Person;
  tenant: Tenant;
  roomsLeft: Array<string>;
}

/** What the socket rested on has ended (accounts.standing.Verdict); the close follows. */
export interface SessionExpired {
  reason: string;
}

/** `seq` is the newest the client knows. */
export interface Since {
  seq: number;
}

/** What was asked for, as it was asked. */
export interface Subscribed {
  conversationId: string | Array<string>;
}

/** What stands below it: QUICK_REPLY, URL, PHONE_NUMBER or COPY_CODE. */
export interface TemplateButton {
  type: string;
  text: string;
  url: string;
  phoneNumber: string;
}

/** A template, named as WhatsApp knows it, and what to fill in. */
export interface TemplateDraft {
  name: string;
  language: string;
  parameters?: TemplateParameters;
}

/** What stands over the text: a TEXT, or the IMAGE, VIDEO or DOCUMENT that is sent along. */
export interface TemplateHeader {
  format: string;
  text: string;
}

/** A template that can be sent. */
export interface Template {
  id: string;
  name: string;
  language: string;
  category: string;
  header: TemplateHeader | null;
  body: string;
  footer: string;
  buttons: Array<TemplateButton>;
  placeholders: Array<Placeholder>;
}

/** By name; `cursor` asks for the next page, null on the last. */
export interface TemplatePage {
  items: Array<Template>;
  cursor: string | null;
}

/** What to fill in, by the part of the template and the name of the placeholder; of `buttons`, by their place. */
export interface TemplateParameters {
  header?: Record<string, string>;
  body?: Record<string, string>;
  buttons?: Record<string, string>;
}

/** The company they work for. */
export interface Tenant {
  id: string;
  slug: string;
  name: string;
}

/** Somebody is writing. Told again every few seconds while they do; without that it is over after six. */
export interface TypingStart {
  conversationId: string;
  user: Ref;
}

/** They are not any more. */
export interface TypingStop {
  conversationId: string;
  user: Ref;
}

/** Nobody looks at those that are not in it. */
export interface ViewersList {
  items: Array<Viewers>;
}

/** Who looks at one conversation. */
export interface Viewers {
  conversationId: string;
  viewers: Array<Ref>;
}

export interface Commands {
  "auth": { data: Auth; reply: Connected };
  "conversation:get": { data: OneConversation; reply: Conversation };
  "conversation:join": { data: OneConversation; reply: ConversationRef };
  "conversation:leave": { data: OneConversation; reply: ConversationRef };
  "conversation:list": { data: ListOfConversations; reply: ConversationPage };
  "conversation:move": { data: ConversationMove; reply: Conversation };
  "conversation:update": { data: ConversationUpdate; reply: Conversation };
  "direct:create": { data: NewDirect; reply: Conversation };
  "events:since": { data: Since; reply: Missed | Resync };
  "group:create": { data: NewGroup; reply: Conversation };
  "group:invite": { data: GroupInvite; reply: Conversation };
  "group:join": { data: OneConversation; reply: Conversation };
  "group:leave": { data: OneConversation; reply: ConversationRef };
  "group:list": { data: Nothing; reply: Groups };
  "group:members": { data: GroupMembers; reply: MemberPage };
  "group:remove": { data: GroupRemove; reply: Conversation };
  "group:role": { data: GroupMemberRole; reply: Conversation };
  "group:update": { data: GroupUpdate; reply: Conversation };
  "logout": { data: Logout; reply: Done };
  "message:delete": { data: OneMessage; reply: Message };
  "message:delivered": { data: MessageIds; reply: Done };
  "message:edit": { data: MessageEdit; reply: Message };
  "message:list": { data: MessageList; reply: MessagePage };
  "message:react": { data: MessageReact; reply: Message };
  "message:read": { data: ReadMessages; reply: Conversation };
  "message:recall": { data: OneMessage; reply: Message };
  "message:receipts": { data: OneMessage; reply: Receipts };
  "message:search": { data: MessageSearch; reply: MessagePage };
  "message:send": { data: MessageSend; reply: Message };
  "ping": { data: Nothing; reply: Pong };
  "presence:list": { data: PresenceList; reply: Presences };
  "presence:update": { data: PresenceUpdate; reply: Presence };
  "rooms:list": { data: Nothing; reply: Rooms };
  "subscribe": { data: Conversations; reply: Subscribed };
  "template:list": { data: PageOfTemplates; reply: TemplatePage };
  "typing:start": { data: OneConversation; reply: ConversationRef };
  "typing:stop": { data: OneConversation; reply: ConversationRef };
  "unsubscribe": { data: Conversations; reply: Subscribed };
  "user:contacts": { data: Nothing; reply: People };
  "user:search": { data: PeopleQuery; reply: People };
  "viewers:list": { data: Nothing; reply: ViewersList };
}

export interface Events {
  "board:fragments": BoardFragments;
  "closed": Closed;
  "connected": Connected;
  "conversation:new": ConversationNew;
  "conversation:updated": ConversationUpdated;
  "conversation:viewers": ConversationViewers;
  "error": CommandFailed;
  "group:created": GroupCreated;
  "group:joined": GroupJoined;
  "group:left": GroupLeft;
  "group:updated": GroupUpdated;
  "message.status": MessageStatus;
  "message:deleted": MessageDeleted;
  "message:delivered": MessageDelivered;
  "message:edited": MessageEdited;
  "message:new": MessageNew;
  "message:reaction": MessageReaction;
  "message:read": MessageRead;
  "message:recalled": MessageRecalled;
  "message:status-update": MessageStatusUpdate;
  "message:updated": MessageUpdated;
  "notification:new": NotificationNew;
  "presence:changed": PresenceChanged;
  "server:shutdown": ServerShutdown;
  "session:changed": SessionChanged;
  "session:expired": SessionExpired;
  "typing:start": TypingStart;
  "typing:stop": TypingStop;
}
