/** The few sentences that must be there when nothing else is: no catalogue, no server. */
export const troubleText = {
  en: {
    title: "This page could not be made",
    what: "Something failed on our side. Nothing you sent before has been lost by it.",
    todo: "Try again in a moment. If it stays like this, tell the people who run this site the number below.",
    number: "Number:",
    again: "Try again",
    home: "To the home page",
    notFound: "There is no page at this address",
    notFoundText:
      "Addresses of cases, models, runs and evidence are permanent: this one has never been in use, or is misspelt.",
  },
  zh: {
    title: "此页未能生成",
    what: "我们这一侧出了故障。您此前提交的内容不会因此丢失。",
    todo: "请稍后再试。若仍如此，请把下面的编号告知本站的运营者。",
    number: "编号：",
    again: "再试一次",
    home: "回到首页",
    notFound: "此地址没有页面",
    notFoundText: "案例、模型、运行和证据的地址是永久的：此地址从未使用过，或拼写有误。",
  },
} as const;
