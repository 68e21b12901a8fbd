import type { Parameter, Parameters } from './engine.js'

const CONDITION = / -- when (\w+)/g

/**
 * A statement with only those of its conditions that are asked for: a line that ends in `-- when x` is left
 * out where the parameter `x` is empty, or false. What a filter does not say the engine then need not
 * parse, resolve and fold away, which takes it longer than many an answer.
 */
export function conditioned(statement: string, parameters: Parameters): string {
  return statement
    .split('\n')
    .filter((line) => [...line.matchAll(CONDITION)].every(([, name = '']) => given(parameters[name])))
    .join('\n')
}

/** For every line of a part of a statement that is included where a condition holds. */
export function underCondition(part: string, condition: string): string {
  return condition === '' ? part : part.replaceAll(/$/gm, ` -- when ${condition}`)
}

function given(parameter: Parameter | undefined): boolean {
  return parameter !== undefined && parameter !== '' && parameter !== false && !isEmptyList(parameter)
}

function isEmptyList(parameter: Parameter): boolean {
  return Array.isArray(parameter) && parameter.length === 0
}
