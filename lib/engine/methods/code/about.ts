import type { MethodAbout } from "../method-about";

export const codeAbout: MethodAbout = {
  id: "code",
  version: "1",
  kind: "descriptive",
  name: { en: "Source code", zh: "源代码" },
  measures: {
    en: "Whether the source files of both releases (Python, JavaScript, TypeScript, Java) hold the same functions under other names: layout, comments, types and imports are dropped, names and literals are set aside, and what remains is matched function by function across files. Beside the matched share stand separate channels: whether one one-to-one map explains the changed names, and how often operators and literals agree. Code that is common elsewhere counts little, code that a given ancestor has counts nothing.",
    zh: "判断两个发布版本的源文件（Python、JavaScript、TypeScript、Java）是否在不同名称之下含有相同的函数：略去排版、注释、类型与导入，将名称和字面量另行处理，其余部分跨文件逐函数匹配。除匹配比例外，另列各项：改动的名称能否由一份一一对应的对照解释，以及运算符与字面量的一致程度。在别处常见的代码权重很低，所给祖先含有的代码不计入。",
  },
  nullHypothesis: {
    en: "None: the method is descriptive. With unrelated controls, their scores stand beside the result.",
    zh: "无：本方法只作描述。若给出无关的对照，其得分一并列出。",
  },
  mayNotSay: {
    en: "Matched code says that both sides hold the same program text under a change of names; it does not say who wrote it first, nor whether its use was permitted. Two sides that took code from a common source which was not given as an ancestor look the same way. An ancestor must be older than the original: that is a matter of dates, which this method does not see.",
    zh: "代码匹配只表明双方在改换名称之后含有相同的程序文本；并不说明谁先写成，也不说明使用是否获得许可。若双方都取自某个未作为祖先给出的共同来源，结果也会如此。祖先必须早于原版本：这取决于日期，而本方法并不读取日期。",
  },
  says: {
    "same-program": {
      en: "most of what counts on both sides is the same program",
      zh: "双方计入的代码大部分是同一程序",
    },
    "parts-shared": { en: "some functions are the same", zh: "部分函数相同" },
    "nothing-shared": { en: "no function was found to be the same", zh: "未发现相同的函数" },
    "cannot-tell": {
      en: "a side has too little code of its own to tell",
      zh: "至少一方自有代码过少，无法判断",
    },
    "not-testable": {
      en: "at least one side has no source code that can be read",
      zh: "至少一方没有可读取的源代码",
    },
  },
};
