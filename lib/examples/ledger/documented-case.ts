import type { DocumentCaseInput } from "@/lib/cases";

const issue = (number: number) => ({
  sourceKind: "issue" as const,
  source: `OpenBMB/MiniCPM-V #${number}`,
  sourceUrl: `https://github.com/OpenBMB/MiniCPM-V/issues/${number}`,
});
const press = (source: string) => ({ sourceKind: "press" as const, source });
const fork = {
  sourceKind: "file" as const,
  source: "llama3v (fork): commits, README.md",
};

/**
 * The Llama3-V case of 2024, retold from its public record. People are not named; every statement has its source and
 * date; what was only reported is worded as reported; what is not established stands last, as that. Dates and sources
 * are written so that they read the same in both languages.
 */
export const llama3vCase: DocumentCaseInput = {
  original: {
    source: "hf",
    repository: "openbmb/MiniCPM-Llama3-V-2_5",
    commit: "b02e4d7872bafd5a376e604ee069c2342f11062d",
    party: "openbmb",
  },
  suspect: {
    source: "github",
    repository: "llama3v",
    commit: "faede36e66128d1998dfcdda08161cda995355fa",
    party: "llama3v",
  },
  finding: "acknowledged",
  reasons: ["party-acknowledged"],
  record: [
    {
      date: "2024-05-19 09:02–09:40 UTC",
      textEn:
        "The repository of MiniCPM-Llama3-V 2.5 is created on the Hub; configuration, tokenizer, weight index and the resampler's code follow within the hour.",
      textZh:
        "MiniCPM-Llama3-V 2.5 的仓库在 Hub 上建立；一小时内，配置、分词器、权重索引和重采样器代码陆续提交。",
      sourceKind: "file",
      source: "openbmb/MiniCPM-Llama3-V-2_5: commits",
      sourceUrl: "https://huggingface.co/openbmb/MiniCPM-Llama3-V-2_5/commits/main",
    },
    {
      date: "2024-05-28 00:30–19:34 UTC",
      textEn:
        "The llama3v repository receives eight commits. Its README thanks LLaVA-UHD, OpenBMB, Idefics2, SigLIP, Llama 3 and Yi; MiniCPM-V does not appear in it. It announces training code for later and says that SigLIP and the projection were frozen during fine-tuning.",
      textZh:
        "llama3v 仓库共有八次提交。其 README 向 LLaVA-UHD、OpenBMB、Idefics2、SigLIP、Llama 3 和 Yi 致谢，未提及 MiniCPM-V；其中预告训练代码将于日后公布，并称微调时冻结了 SigLIP 和投影层。",
      ...fork,
    },
    {
      date: "2024-05-29",
      textEn:
        "Llama3-V is announced as a state-of-the-art multimodal model trained for less than 500 US dollars and about a hundred times smaller than its rivals. Reports place it among the Hub's five most followed models soon afterwards.",
      textZh:
        "Llama3-V 发布，宣称以不到 500 美元的训练成本达到多模态模型的领先水平，规模约为同类模型的百分之一。据报道，它随后进入 Hub 趋势榜前五。",
      ...press("South China Morning Post; 南方都市报 (Southern Metropolis Daily), 2024-06"),
    },
    {
      date: "2024-06-01",
      textEn:
        "An issue in the original's repository reports that structure and configuration file of the two models agree but for the names of variables, and that the code for image slicing, tokenizer, resampler and data loading was reformatted and renamed.",
      textZh:
        "有人在原模型仓库提交议题，指出两个模型的结构与配置文件除变量名外一致，图像切分、分词器、重采样器和数据加载的代码经过重新排版和改名。",
      ...issue(194),
    },
    {
      date: "2024-06-02",
      textEn:
        "A second issue follows. Its author says that a question asked in the llama3v repository was deleted and the Hub page hidden; that the published code did not run with the published checkpoint; and that the same checkpoint, its weights renamed to MiniCPM's names, ran in MiniCPM's code. A weight index is attached.",
      textZh:
        "第二个议题随后出现。提交者称，自己在 llama3v 仓库提出的问题被删除，Hub 页面也被隐藏；公开的代码无法运行公开的权重；而将这些权重改回 MiniCPM 的命名后，可以在 MiniCPM 的代码中运行。议题附有权重索引文件。",
      ...issue(196),
    },
    {
      date: "2024-06-02 (UTC+8)",
      textEn:
        "In the evening, after a test of their own, the authors of the original say that the other model reads Tsinghua bamboo-slip characters of an unpublished, hand-annotated set, and that its right and its wrong answers agree with theirs. The set was unpublished, but nothing had been committed to in public beforehand, so nobody else can check the order of events.",
      textZh:
        "当晚，原模型作者自行测试后表示，对方模型能够识别清华简文字，这些文字来自一套未公开的人工标注数据，且对错答案均与原模型一致。该数据集虽未公开，但事先并无任何公开承诺，因此外人无法核验先后次序。",
      ...press("南方都市报 (Southern Metropolis Daily), 2024-06-05; 面壁智能 (ModelBest)"),
    },
    {
      date: "2024-06-03",
      textEn:
        "A histogram of differences between the two sets of weights is posted. The author of the issue reads it as added Gaussian noise; whoever posted the histogram draws no conclusion from it.",
      textZh:
        "有人在议题中发布两套权重差值的直方图。议题提交者认为这是叠加了高斯噪声；发布直方图者本人未作结论。",
      ...issue(196),
    },
    {
      date: "≤ 2024-06-02",
      textEn:
        "As reported, the first reply of the llama3v side says that its work began earlier and that only MiniCPM's tokenizer was used. The reply was removed later.",
      textZh:
        "据报道，llama3v 一方最初回应称，其工作开始得更早，只使用了 MiniCPM 的分词器。该回应后来被移除。",
      ...press("2024-06"),
    },
    {
      date: "2024-06-04 01:27 (UTC+8)",
      textEn:
        "Two of the three authors of Llama3-V apologise in public. They say that the third wrote the code, and that they had asked for proof of originality and for the training code without receiving them. All references to the model are withdrawn.",
      textZh:
        "Llama3-V 三位作者中的两位公开致歉，称代码由第三位作者编写，他们曾要求其提供原创证明和训练代码，但未能得到。与该模型有关的内容全部撤下。",
      ...press("South China Morning Post; 南方都市报 (Southern Metropolis Daily), 2024-06"),
    },
    {
      date: "2024-06-04",
      textEn:
        "The director of Stanford's AI laboratory publicly disapproves of what happened. The chief scientist of the original's company writes that open sharing rests on keeping licences, on trust and on respect.",
      textZh:
        "斯坦福人工智能实验室主任公开表示不认可此事。原模型所属公司的首席科学家表示，开放共享建立在遵守协议、彼此信任和尊重之上。",
      ...press("2024-06"),
    },
    {
      date: "2024-06 –",
      textEn:
        "Repository and model page of Llama3-V no longer exist; forks of the repository survive. No public reply by the third author and no decision of a court were found.",
      textZh:
        "Llama3-V 的仓库和模型页面已不存在，仓库的若干派生副本仍在。未找到第三位作者的公开回应，也未找到任何法院裁决。",
      ...fork,
    },
    {
      date: "2024-06 –",
      textEn:
        "Often repeated and not established here: how many bamboo-slip images were used and how many errors were shared; a level of noise; renamed keys in config.json (in the surviving snapshot none is renamed). The suspect's weights are gone, so nobody can measure them again.",
      textZh:
        "以下说法流传甚广，但本记录未能证实：所用简牍图像的数量与相同错误的数量；噪声的大小；config.json 中的键被改名（在留存的快照中，没有任何键被改名）。对方模型的权重已不复存在，因而无从再次测量。",
      sourceKind: "file",
      source: "openbmb/MiniCPM-Llama3-V-2_5; llama3v (fork)",
    },
  ],
};
