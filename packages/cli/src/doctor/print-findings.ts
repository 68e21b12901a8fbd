import type { Finding } from './diagnosis.js'

const marks: Readonly<Record<Finding['level'], { readonly sign: string; readonly code: number }>> = {
  good: { sign: '✓', code: 32 },
  note: { sign: '!', code: 33 },
  bad: { sign: '✗', code: 31 },
}

/** One line each, its advice below it, and a verdict. */
export function printFindings(findings: readonly Finding[], color: boolean): string {
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const lines = findings.flatMap(({ level, text, advice }) => {
    const { sign, code } = marks[level]
    return [`${paint(code, sign)} ${text}`, ...(advice === undefined ? [] : [`  ${paint(2, advice)}`])]
  })
  const troubles = findings.filter(({ level }) => level === 'bad').length
  const verdict =
    troubles === 0
      ? paint(32, 'The server is instrumented.')
      : paint(31, `${troubles} ${troubles === 1 ? 'thing is' : 'things are'} wrong.`)
  return `${lines.join('\n')}\n\n${verdict}\n`
}
