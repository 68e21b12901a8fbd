// docs/compatibility.md: prose by hand, and sections that the long tests write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.mjs'

const page = join(root, 'docs', 'compatibility.md')

/** Replaces what stands between the two comments that name the section. */
export function writeSection(name, content) {
  const [start, end] = [`<!-- ${name}: written by its script -->`, `<!-- end of ${name} -->`]
  const text = existsSync(page) ? readFileSync(page, 'utf8') : ''
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < 0) throw new Error(`docs/compatibility.md has no section ${name}`)
  writeFileSync(page, `${text.slice(0, from + start.length)}\n\n${content.trim()}\n\n${text.slice(to)}`)
}

/** A Markdown table. */
export function table(head, rows) {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
}

function row(cells) {
  return `| ${cells.join(' | ')} |`
}
