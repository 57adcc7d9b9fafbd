import { baseName } from "../../formats/metadata-files";
import type { Grammar } from "../../io/grammars/load-grammar";

/** Languages whose programs can be compared with each other; JavaScript and TypeScript are one. */
export type Language = "python" | "javascript" | "java";

const byEnding: Readonly<Record<string, Grammar>> = {
  py: "python",
  pyw: "python",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "javascript",
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
  tsx: "tsx",
  java: "java",
};

/** The grammar for a path by its ending, or null where it is no source file that this method reads. */
export function grammarOf(path: string): Grammar | null {
  const name = baseName(path);
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return name.includes(".") && Object.hasOwn(byEnding, ending) ? (byEnding[ending] as Grammar) : null;
}

export function languageOf(grammar: Grammar): Language {
  return grammar === "python" || grammar === "java" ? grammar : "javascript";
}

/** What a node of the syntax tree becomes. Everything not named in a table is a structure token of its own type. */
export type Treatment =
  /** Left out with everything in it: layout, comments, types, imports, modifiers. */
  | "skip"
  /** Left out itself, its children kept: wrappers that formatting or style adds or removes. */
  | "open"
  | "identifier"
  | "number"
  | "string"
  /** A function with a name of its own: matched as a unit. */
  | "function"
  | "comment";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

function table(lists: Readonly<Record<Treatment, string>>): ReadonlyMap<string, Treatment> {
  const result = new Map<string, Treatment>();
  for (const [treatment, types] of Object.entries(lists)) {
    for (const type of words(types)) if (type !== "") result.set(type, treatment as Treatment);
  }
  return result;
}

const python = table({
  skip: `import_statement import_from_statement future_import_statement type type_parameter
    line_continuation pass_statement global_statement nonlocal_statement`,
  open: `module block expression_statement argument_list parameters lambda_parameters parenthesized_expression
    pattern_list tuple_pattern expression_list tuple default_parameter typed_parameter typed_default_parameter
    decorated_definition else_clause concatenated_string as_pattern as_pattern_target list_pattern
    dotted_name interpolation format_expression string_content`,
  identifier: "identifier",
  number: "integer float",
  string: "string",
  function: "function_definition",
  comment: "comment",
});

const javascript = table({
  skip: `import_statement export_clause type_annotation type_arguments type_parameters type_alias_declaration
    interface_declaration accessibility_modifier override_modifier ambient_declaration empty_statement
    hash_bang_line optional_chain asserts_annotation type_predicate_annotation import_alias index_signature
    function_signature method_signature abstract_method_signature`,
  open: `program export_statement statement_block expression_statement arguments formal_parameters
    parenthesized_expression variable_declarator class_body required_parameter optional_parameter else_clause
    as_expression satisfies_expression non_null_expression sequence_expression template_substitution
    lexical_declaration variable_declaration switch_body class_heritage extends_clause implements_clause`,
  identifier: `identifier property_identifier shorthand_property_identifier
    shorthand_property_identifier_pattern private_property_identifier type_identifier statement_identifier`,
  number: "number",
  string: "string template_string regex jsx_text",
  function: "function_declaration method_definition generator_function_declaration",
  comment: "comment html_comment",
});

const java = table({
  skip: `package_declaration import_declaration modifiers type_parameters type_arguments throws
    marker_annotation annotation dimensions`,
  open: `program block expression_statement argument_list formal_parameters parenthesized_expression
    variable_declarator class_body interface_body enum_body enum_body_declarations constructor_body
    super_interfaces superclass type_list inferred_parameters dimensions_expr scoped_identifier
    scoped_type_identifier generic_type array_type spread_parameter switch_block`,
  identifier: "identifier type_identifier",
  number: `decimal_integer_literal hex_integer_literal octal_integer_literal binary_integer_literal
    decimal_floating_point_literal hex_floating_point_literal`,
  string: "string_literal character_literal text_block",
  function: "method_declaration constructor_declaration compact_constructor_declaration",
  comment: "line_comment block_comment",
});

const tables: Readonly<Record<Language, ReadonlyMap<string, Treatment>>> = { python, javascript, java };

export function treatments(language: Language): ReadonlyMap<string, Treatment> {
  return tables[language];
}

/**
 * Several spellings of one construct, written as one structure token: a loop is a loop, whether `for` or `while`.
 * The operator channel and the literal channel still tell them apart.
 */
const spellings: Readonly<Record<string, string>> = {
  for_statement: "loop",
  while_statement: "loop",
  do_statement: "loop",
  enhanced_for_statement: "loop",
  for_in_statement: "loop",
  augmented_assignment: "assign",
  augmented_assignment_expression: "assign",
  assignment: "assign",
  assignment_expression: "assign",
  update_expression: "assign",
  named_expression: "assign",
  binary_operator: "binary",
  binary_expression: "binary",
  boolean_operator: "binary",
  comparison_operator: "binary",
  unary_operator: "unary",
  unary_expression: "unary",
  not_operator: "unary",
  if_statement: "branch",
  elif_clause: "branch",
  conditional_expression: "branch",
  ternary_expression: "branch",
  call_expression: "call",
  new_expression: "call",
  call: "call",
  method_invocation: "call",
  object_creation_expression: "call",
  explicit_constructor_invocation: "call",
  member_expression: "member",
  attribute: "member",
  field_access: "member",
  subscript: "index",
  subscript_expression: "index",
  array_access: "index",
  lambda: "function",
  arrow_function: "function",
  function_expression: "function",
  generator_function: "function",
  lambda_expression: "function",
  required_parameter: "parameter",
  formal_parameter: "parameter",
};

export function structureOf(type: string): string {
  return Object.hasOwn(spellings, type) ? (spellings[type] as string) : type;
}
