/** Something the person who starts Slipmark has to put right. Its message is the one line they read: no stack is shown. */
export class StartProblem extends Error {
  override readonly name = "StartProblem";
}
