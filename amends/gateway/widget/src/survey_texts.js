/** What the survey says. Another language is one more object with the same keys. */

const EN_GAPS = ["Much worse", "Worse", "As expected", "Better", "Much better"];

export const SURVEY_EN = {
  label: "How did we do?",
  scaleLabel: "Rating from 1 to 5",
  scale: ["Very poor", "Poor", "All right", "Good", "Very good"],
  reason: { good: "What pleased you most?", bad: "What was the main reason?" },
  reasons: {
    outcome: { good: "The outcome", bad: "The outcome" },
    speed: { good: "It was quick", bad: "It took too long" },
    understood: { good: "I was understood", bad: "I was not understood" },
    friendliness: { good: "I was treated well", bad: "I was not treated well" },
    promise_kept: { good: "You kept your word", bad: "A promise was not kept" },
    had_to_repeat: { good: "I said it only once", bad: "I had to say it again" },
    reached_a_person: { good: "I could reach a person", bad: "I could not reach a person" },
    other: { good: "Something else", bad: "Something else" },
  },
  comment: "Anything you would like to add? (optional)",
  send: "Send rating",
  thanks: "Thank you. Your rating helps us do better.",
  done: "Thank you. That was all.",
  pick: "Please choose a number from 1 to 5 first.",
  pickAny: "Please choose an answer, or skip the question.",
  next: "Next",
  last: "Done",
  skip: "Skip",
  progress: (at, of) => `Question ${at} of ${of}`,
  ces: {
    title: "“The company made it easy to have my problem solved.” Do you agree?",
    ends: ["Strongly disagree", "Strongly agree"],
  },
  expectation: { title: "How did it compare with what you had expected?", words: EN_GAPS },
  nps: {
    title: "How likely are you to recommend us to a friend or colleague?",
    ends: ["Not at all likely", "Extremely likely"],
  },
  servqual: {
    title: "Compared with what you had expected, how was …",
    words: EN_GAPS,
    rows: {
      reliability: "keeping our word",
      responsiveness: "the speed of our help",
      assurance: "our competence",
      empathy: "our understanding of your side",
      tangibles: "the clarity of this chat",
    },
  },
};

const ZH_GAPS = ["差很多", "差一些", "符合预期", "好一些", "好很多"];

export const SURVEY_ZH = {
  label: "您对这次服务满意吗？",
  scaleLabel: "评分，1到5分",
  scale: ["很不满意", "不满意", "一般", "满意", "很满意"],
  reason: { good: "最让您满意的是什么？", bad: "主要原因是什么？" },
  reasons: {
    outcome: { good: "处理结果", bad: "处理结果" },
    speed: { good: "处理很快", bad: "等得太久" },
    understood: { good: "理解我的问题", bad: "没有理解我的问题" },
    friendliness: { good: "态度好", bad: "态度不好" },
    promise_kept: { good: "说到做到", bad: "没有兑现承诺" },
    had_to_repeat: { good: "不用重复说明", bad: "需要反复说明" },
    reached_a_person: { good: "能找到人工客服", bad: "找不到人工客服" },
    other: { good: "其他", bad: "其他" },
  },
  comment: "还有什么想告诉我们的吗？（选填）",
  send: "提交评分",
  thanks: "谢谢您。您的评分会帮助我们做得更好。",
  done: "谢谢您，问题都已回答。",
  pick: "请先从1到5中选择一个分数。",
  pickAny: "请选择一个答案，或跳过这个问题。",
  next: "下一题",
  last: "完成",
  skip: "跳过",
  progress: (at, of) => `第${at}题，共${of}题`,
  ces: {
    title: "“这家公司让我很轻松地解决了问题。”您同意吗？",
    ends: ["非常不同意", "非常同意"],
  },
  expectation: { title: "这次处理与您的预期相比如何？", words: ZH_GAPS },
  nps: {
    title: "您有多大可能向朋友或同事推荐我们？",
    ends: ["完全不可能", "非常可能"],
  },
  servqual: {
    title: "与您的预期相比，以下方面如何？",
    words: ZH_GAPS,
    rows: {
      reliability: "说到做到",
      responsiveness: "及时帮助",
      assurance: "专业可信",
      empathy: "体谅您的处境",
      tangibles: "对话清晰易读",
    },
  },
};
