import { createContext } from 'svelte';
import type { Workspace } from './workspace.svelte.ts';

const [read, provide] = createContext<Workspace>();

/** The workspace of the window, for the components in it. */
export const useWorkspace = read;

/** Hands the workspace down to all components below. */
export const provideWorkspace = provide;
