/** Every sentence the widget shows. A language is added by one more object with the same keys. */

import { SURVEY_EN, SURVEY_ZH } from "./survey_texts.js";

const EN = {
  lang: "en",
  gap: " ", // between two sentences
  direction: "ltr",
  launcher: "Open the chat",
  launcherUnread: (count) =>
    count === 1 ? "Open the chat, 1 new message" : `Open the chat, ${count} new messages`,
  close: "Close the chat",
  dismiss: "Dismiss",
  panel: (name) => `Chat with ${name}`,
  log: "Conversation",
  choices: "Suggested answers",
  menu: "More options",
  askForPerson: "Ask for a person",
  askForPersonMessage: "I would like to talk to a person",
  seeCase: "See how your case stands",
  newConversation: "New conversation",
  confirmNew: "Start again from the beginning? This chat will leave the window.",
  confirmNewYes: "Start a new one",
  confirmNewNo: "Keep this one",
  modeBot: "Automated assistant",
  modeWaiting: "Waiting for a person",
  modeStaff: (author) => `${author}, a real person`,
  modeStaffUnnamed: "You are talking to a person",
  modeClosed: "This conversation has ended",
  introTitle: "How can we put it right?",
  introText: (name) =>
    `This is the automated assistant of ${name}. Tell it in your own words what went wrong. ` +
    "You can ask for a person at any time.",
  starters: ["My order has not arrived", "Something arrived damaged", "I was charged twice"],
  composer: "Your message",
  placeholder: "Write a message",
  placeholderClosed: "Write to continue",
  send: "Send",
  left: (count) => (count === 1 ? "1 character left" : `${count} characters left`),
  over: (count) => (count === 1 ? "1 character too many" : `${count} characters too many`),
  sending: "Sending",
  failed: "Not delivered",
  retry: "Try again",
  you: "You",
  assistant: "Assistant",
  staff: "Staff",
  writing: (who) => `${who} is writing`,
  newMessages: "New messages",
  today: "Today",
  yesterday: "Yesterday",
  offline: "You seem to be offline. What you write is kept and sent later.",
  reconnecting: "The connection was lost. Trying again.",
  renewed: "Your earlier chat is no longer available here. Simply go on writing.",
  closedNote: "This conversation has ended. If something is still open, write again.",
  caseLabel: "Your case",
  caseNext: (step) => `Next: ${step}`,
  nextSteps: {
    customer_answers: "your answer to my question",
    customer_decides: "you decide whether to accept",
    staff_answers: "a colleague answers you here",
    remedy_is_issued: "we carry out what we promised",
    nothing: "there is nothing left for you to do",
  },
  offerLabel: "Our offer",
  offerUntil: (when) => `Valid until ${when}`,
  offerExpired: (when) => `This offer ended ${when}`,
  promiseLabel: "What we promise",
  promiseDue: (when) => `by ${when}`,
  handoffLabel: "A person will take over",
  handoffNext: "You are next in line.",
  handoffAhead: (count) =>
    count === 1 ? "1 person is ahead of you." : `${count} people are ahead of you.`,
  handoffMinutes: (minutes) => {
    if (minutes <= 1) return "It should take about a minute.";
    if (minutes < 60) return `It should take about ${minutes} minutes.`;
    const hours = Math.round(minutes / 60);
    return `It may take about ${hours === 1 ? "an hour" : `${hours} hours`}.`;
  },
  handoffUnknown: "We cannot say yet how long it will take.",
  handoffLeave: "You may leave this page. The answer will be here when you come back.",
  asOf: (time) => `As of ${time}.`,
  survey: SURVEY_EN,
  errors: {
    text_too_long: "That message is too long. Please shorten it to 2,000 characters.",
    empty_message: "That message was empty. Please write a few words.",
    too_many_messages: "That was a little fast for us. Your message is sent again in a moment.",
    choice_expired: "That answer can no longer be chosen. Please write it instead.",
    unknown: "That did not work just now. Please try again in a moment.",
  },
};

const ZH = {
  lang: "zh-Hans",
  gap: "",
  direction: "ltr",
  launcher: "打开对话",
  launcherUnread: (count) => `打开对话，${count}条新消息`,
  close: "关闭对话",
  dismiss: "不再提示",
  panel: (name) => `与${name}的对话`,
  log: "对话内容",
  choices: "建议的回答",
  menu: "更多选项",
  askForPerson: "转人工客服",
  askForPersonMessage: "我要转人工客服",
  seeCase: "查询工单进展",
  newConversation: "开始新对话",
  confirmNew: "要重新开始吗？当前对话将不再显示在这个窗口里。",
  confirmNewYes: "开始新对话",
  confirmNewNo: "保留当前对话",
  modeBot: "自动助手",
  modeWaiting: "正在等待人工客服",
  modeStaff: (author) => `${author}，人工客服`,
  modeStaffUnnamed: "正在与人工客服对话",
  modeClosed: "对话已结束",
  introTitle: "我们怎样为您解决？",
  introText: (name) =>
    `这里是${name}的自动助手。请用您自己的话说说遇到了什么问题。您随时可以要求转接人工客服。`,
  starters: ["我的订单还没有收到", "收到的商品有破损", "我被重复扣款了"],
  composer: "您的消息",
  placeholder: "请输入消息",
  placeholderClosed: "继续留言",
  send: "发送",
  left: (count) => `还可以输入${count}个字`,
  over: (count) => `超出${count}个字`,
  sending: "正在发送",
  failed: "未送达",
  retry: "重试",
  you: "您",
  assistant: "自动助手",
  staff: "人工客服",
  writing: (who) => `${who}正在输入`,
  newMessages: "新消息",
  today: "今天",
  yesterday: "昨天",
  offline: "您似乎已断开网络。您写的内容会保留，稍后自动发送。",
  reconnecting: "连接已断开，正在重新连接。",
  renewed: "之前的对话在这里已无法查看，您直接继续留言即可。",
  closedNote: "对话已结束。如果还有未解决的问题，请继续留言。",
  caseLabel: "您的工单",
  caseNext: (step) => `下一步：${step}`,
  nextSteps: {
    customer_answers: "请您回答我的问题",
    customer_decides: "由您决定是否接受",
    staff_answers: "同事会在这里答复您",
    remedy_is_issued: "我们会兑现答应您的事",
    nothing: "您这边不需要再做什么",
  },
  offerLabel: "我们的解决方案",
  offerUntil: (when) => `有效期至${when}`,
  offerExpired: (when) => `已于${when}失效`,
  promiseLabel: "我们的承诺",
  promiseDue: (when) => `最迟${when}`,
  handoffLabel: "人工客服即将接手",
  handoffNext: "下一位就是您。",
  handoffAhead: (count) => `您前面还有${count}位。`,
  handoffMinutes: (minutes) => {
    if (minutes <= 1) return "大约需要1分钟。";
    if (minutes < 60) return `大约需要${minutes}分钟。`;
    return `可能需要约${Math.round(minutes / 60)}小时。`;
  },
  handoffUnknown: "目前还无法确定需要多久。",
  handoffLeave: "您可以离开此页面，回来时就能看到答复。",
  asOf: (time) => `截至${time}。`,
  survey: SURVEY_ZH,
  errors: {
    text_too_long: "消息太长了，请缩短到2000字以内。",
    empty_message: "消息是空的，请写几个字。",
    too_many_messages: "发送得有点快，您的消息稍后会自动重新发送。",
    choice_expired: "这个选项已经失效，请直接输入您的回答。",
    unknown: "刚才没有成功，请稍后再试。",
  },
};

const TEXTS = { en: EN, zh: ZH };
const HAN = /[\u3400-\u9fff]/;
const LATIN = /[a-z]{2}/i;

/**
 * Returns the texts of a language, of its base language, or English.
 * @param {string} language a BCP 47 tag such as "en-GB"
 */
export function textsFor(language) {
  const tag = language.toLowerCase();
  return TEXTS[tag] || TEXTS[tag.split("-")[0]] || EN;
}

/** Returns the tag for texts shown to a page in this language: its own variety where they fit. */
export function tagFor(t, language) {
  return language.split("-")[0].toLowerCase() === t.lang ? language : t.lang;
}

/**
 * Returns the texts in whose language a message is written, as far as its script tells.
 * @param {string} text
 * @param {Object} own the texts of the widget, where the script does not tell
 */
export function textsLike(text, own) {
  if (HAN.test(text)) return ZH;
  return own === ZH && LATIN.test(text) ? EN : own;
}
