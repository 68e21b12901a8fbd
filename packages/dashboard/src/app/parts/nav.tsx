import type { VNode } from 'preact'
import { lastListUrl } from '../state/last-list.js'
import { theme, THEMES } from '../state/theme.js'
import { Icon } from './icon.js'
import type { IconName } from './icon.js'

const THEME_ICONS: Record<(typeof THEMES)[number], IconName> = { system: 'system', light: 'sun', dark: 'moon' }

export function Nav(): VNode {
  return (
    <nav class="nav" aria-label="Pages">
      <a class="brand" href="/sessions" aria-label="MCPcat, all sessions">
        <svg class="brand-mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path d="M4 3.600 8.300 7a9.600 9.600 0 0 1 7.400 0L20 3.600c.6 2.600.9 5.200.8 7.900.1.5.2 1 .2 1.600 0 4.400-4 7.500-9 7.500s-9-3.100-9-7.500c0-.6.1-1.100.2-1.600C3.100 8.800 3.400 6.200 4 3.600Z" />
          <circle cx="8.700" cy="12.700" r="1.450" />
          <circle cx="15.300" cy="12.700" r="1.450" />
        </svg>
        <span class="nav-label">MCPcat</span>
      </a>
      <ul class="nav-pages">
        <li>
          <a class="nav-page" href={lastListUrl.value} aria-current="page" title="Sessions">
            <Icon name="sessions" />
            <span class="nav-label">Sessions</span>
          </a>
        </li>
      </ul>
      <div class="themes" role="group" aria-label="Colour theme">
        {THEMES.map((name) => (
          <button
            key={name}
            type="button"
            title={`Theme: ${name}`}
            aria-label={`Theme: ${name}`}
            aria-pressed={theme.value === name}
            onClick={() => (theme.value = name)}
          >
            <Icon name={THEME_ICONS[name]} />
          </button>
        ))}
      </div>
    </nav>
  )
}
