// What the root scripts print: one line a step, colours only on a terminal.

const terminal = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code) => (text) => (terminal ? `\u001b[${code}m${text}\u001b[0m` : text)

export const dim = paint('2')
export const green = paint('32')
export const red = paint('31')

/** Ends the script with one readable line (and, where it helps, the output of what failed). */
export function fail(message, details = '') {
  if (details) process.stderr.write(`${details.trimEnd()}\n`)
  process.stderr.write(`${red('✗')} ${message}\n`)
  process.exit(1)
}

/** Runs one step behind a progress line that ends in the time it took. */
export async function step(title, work) {
  const start = Date.now()
  const elapsed = () => `${((Date.now() - start) / 1000).toFixed(1)} s`
  let ticker
  if (terminal) {
    const draw = () => process.stdout.write(`\r${dim('…')} ${title} ${dim(elapsed())}\u001b[K`)
    draw()
    ticker = setInterval(draw, 200)
  } else {
    process.stdout.write(`… ${title}\n`)
  }
  try {
    const result = await work()
    clearInterval(ticker)
    process.stdout.write(
      `${terminal ? '\r' : ''}${green('✓')} ${title} ${dim(elapsed())}${terminal ? '\u001b[K' : ''}\n`,
    )
    return result
  } catch (error) {
    clearInterval(ticker)
    if (terminal) process.stdout.write('\n')
    return fail(`${title}: failed after ${elapsed()}`, error.output ?? error.stack)
  }
}
