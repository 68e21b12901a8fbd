import type { Component } from '../component.js'
import { UserError } from '../errors.js'
import type { OpenedJournal } from './journal.js'

/** What a storage extension offers beside being a component. */
export interface JournalStorage {
  /** The journal of one component, with what it holds from before. */
  open(name: string): Promise<OpenedJournal>
  /** A folder of one component's own, for what it keeps in its own way. */
  folder(name: string): Promise<string>
}

/** @throws UserError when the extension keeps no journals. */
export function asJournalStorage(component: Component, id: string): JournalStorage {
  if ('journals' in component) return component.journals as JournalStorage
  throw new UserError(`the extension "${id}" is no storage; configure a file_storage extension`)
}
