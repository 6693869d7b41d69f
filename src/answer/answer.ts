// The front of `answer`: what an answer has to be, compiled once, and answers held against it.

export {
  type Compiled,
  compileExpectation,
  type ExpectationProblem,
  type GivenAnswer,
} from './compile-expectation.ts'
