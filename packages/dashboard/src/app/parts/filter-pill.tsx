import type { VNode } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon } from './icon.js'

export interface FilterOption {
  value: string
  label: string
}

interface FilterPillProps {
  name: string
  value: string | undefined
  /** What can be picked. */
  options: readonly FilterOption[]
  /** Any other value may be typed as well. */
  free?: boolean
  onChange: (value: string | undefined) => void
}

/** One filter: a button that names it and its value, with a list to pick from. */
export function FilterPill({ name, value, options, free = false, onChange }: FilterPillProps): VNode {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const panelId = useId()

  useEffect(() => {
    if (!open) return undefined
    root.current?.querySelector<HTMLElement>('.pill-panel input, .pill-panel button')?.focus()
    const closeOutside = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('focusin', closeOutside)
    }
  }, [open])

  const pick = (picked: string | undefined): void => {
    setOpen(false)
    setTyped('')
    button.current?.focus()
    if (picked !== value) onChange(picked)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && open) {
      event.stopPropagation()
      setOpen(false)
      button.current?.focus()
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!open) return
      event.preventDefault()
      moveFocus(root.current, event.key === 'ArrowDown' ? 1 : -1)
    }
  }
  const needle = typed.trim().toLowerCase()
  const shown = options.filter(({ label }) => label.toLowerCase().includes(needle))
  const label = options.find((option) => option.value === value)?.label ?? value

  return (
    <div class={`pill${value ? ' active' : ''}`} ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="pill-button"
        ref={button}
        aria-expanded={open}
        aria-controls={panelId}
        onClick={() => setOpen(!open)}
      >
        <span>{value ? `${name}: ` : name}</span>
        {value && <span class="pill-value">{label}</span>}
        {!value && <Icon name="chevron" />}
      </button>
      {value && (
        <button type="button" class="pill-clear" aria-label={`Clear ${name}`} onClick={() => pick(undefined)}>
          <Icon name="close" />
        </button>
      )}
      {open && (
        <div class="pill-panel" id={panelId} role="group" aria-label={name}>
          {free && (
            <form
              onSubmit={(event) => {
                event.preventDefault()
                if (typed.trim()) pick(shown.length === 1 ? shown[0]?.value : typed.trim())
              }}
            >
              <input
                type="text"
                aria-label={`${name} to show`}
                placeholder={`${name}…`}
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            </form>
          )}
          <ul translate={false}>
            {shown.map((option) => (
              <li key={option.value}>
                <button type="button" aria-pressed={option.value === value} onClick={() => pick(option.value)}>
                  <span>{option.label}</span>
                  {option.value === value && <Icon name="check" />}
                </button>
              </li>
            ))}
          </ul>
          {shown.length === 0 && <p class="pill-none">{needle ? 'Press Enter to use this' : 'Nothing seen yet'}</p>}
        </div>
      )}
    </div>
  )
}

function moveFocus(root: HTMLElement | null, step: number): void {
  const stops = [...(root?.querySelectorAll<HTMLElement>('.pill-panel input, .pill-panel button') ?? [])]
  const at = stops.indexOf(document.activeElement as HTMLElement)
  stops.at((at + step + stops.length) % stops.length)?.focus()
}
