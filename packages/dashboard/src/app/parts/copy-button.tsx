import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Icon } from './icon.js'

const SHOWN_MS = 1600

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }): VNode {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button type="button" class="button quiet" onClick={() => void copy(text).then(setCopied)}>
      <Icon name={copied ? 'check' : 'copy'} />
      <span>{copied ? 'Copied' : label}</span>
    </button>
  )
}

async function copy(text: string): Promise<boolean> {
  // Browsers offer the clipboard on https and loopback only.
  if (navigator.clipboard)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}
