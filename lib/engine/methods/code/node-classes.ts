import { type Language, structureOf, type Treatment, treatments } from "./languages";
import { hashText } from "./tokens";

interface NodeClass {
  readonly treatment: Treatment | "structure" | "operator" | "constant";
  readonly symbol: number;
  readonly statement?: true;
}

/** What each node type of a grammar becomes, by type id: decided once a grammar, not once a node. */
export function classify(language: Language, types: readonly string[], isNamed: (id: number) => boolean) {
  const given = treatments(language);
  const tag = (text: string) => hashText(`${language}\n${text}`);
  return types.map((type, id): NodeClass => {
    if (type === undefined || type === null) return { treatment: "open", symbol: 0 };
    if (!isNamed(id)) {
      const isOperator =
        !/^[\w\s$]*$/.test(type) &&
        !/^[()[\]{},;:.@"'`?]+$/.test(type) &&
        !["=>", "->", "=", "?."].includes(type);
      const isWord = ["and", "or", "not", "in", "is", "not in", "is not", "instanceof", "typeof"].includes(
        type,
      );
      return isOperator || isWord
        ? { treatment: "operator", symbol: tag("operator") }
        : { treatment: "skip", symbol: 0 };
    }
    const treatment = given.get(type);
    if (type === "expression_statement" && language !== "java")
      return { treatment: "open", symbol: 0, statement: true };
    if (treatment !== undefined)
      return { treatment, symbol: tag(treatment === "function" ? "function" : treatment) };
    if (
      /^(true|false|none|null|null_literal|undefined|this|super|void_type|integral_type|floating_point_type|boolean_type|predefined_type)$/.test(
        type,
      )
    ) {
      return { treatment: "constant", symbol: tag(/_type$/.test(type) ? "identifier" : type) };
    }
    return { treatment: "structure", symbol: tag(structureOf(type)) };
  });
}

export type NodeClasses = ReturnType<typeof classify>;
