/** Every sentence the widget shows. A language is added by one more object with the same keys. */

const EN = {
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
  caseNext: "Next",
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
  asOf: (time) => `As of ${time}`,
  surveyLabel: "How did we do?",
  surveyScaleLabel: "Rating from 1 to 5",
  surveyScale: ["Very poor", "Poor", "All right", "Good", "Very good"],
  surveyComment: "Anything you would like to add? (optional)",
  surveySend: "Send rating",
  surveyThanks: "Thank you. Your rating helps us do better.",
  surveyPick: "Please choose a number from 1 to 5 first.",
  errors: {
    text_too_long: "That message is too long. Please shorten it to 2,000 characters.",
    empty_message: "That message was empty. Please write a few words.",
    too_many_messages: "That was a little fast for us. Your message is sent again in a moment.",
    choice_expired: "That answer can no longer be chosen. Please write it instead.",
    unknown: "That did not work just now. Please try again in a moment.",
  },
};

const TEXTS = { en: EN };

/**
 * Returns the texts of a language, of its base language, or English.
 * @param {string} language a BCP 47 tag such as "en-GB"
 */
export function textsFor(language) {
  const tag = language.toLowerCase();
  return TEXTS[tag] || TEXTS[tag.split("-")[0]] || EN;
}
