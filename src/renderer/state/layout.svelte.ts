import type { SourceId } from '#shared/model/source.ts';
import type { ExportedRows } from '../lib/export-text.ts';
import type { OpenMenu } from '../lib/menu.ts';

/** A narrower window begins without the side panel: the table needs the room. */
const ROOMY_PX = 1_000;

/** So many choices of the palette are remembered. */
const MAX_RECENT = 8;

/** A way a log gets here: it is followed, a scheduler sends it, or one is connected to. */
export type SourceWay = 'files' | 'listen' | 'connect';

/** A dialog over the table, and what it is about. Which log to open is asked by `OpenFiles`. */
export type OpenDialog =
	| { readonly kind: 'keys' | 'changeKeys' }
	/** `only`: it offers nothing but these. */
	| { readonly kind: 'palette'; readonly only?: 'sources' }
	| { readonly kind: 'settings' }
	| { readonly kind: 'storage' }
	/** `index`: the saved view that gets another name; without one, what is shown gets one. */
	| { readonly kind: 'nameView'; readonly index?: number }
	| { readonly kind: 'goToTime' }
	/** `job`: one that was begun, by its id; without it, it is asked what to export, `what` at first. */
	| { readonly kind: 'export'; readonly what?: ExportedRows; readonly job?: number }
	/** `seq`: the entry it is about; without one, it is asked for. */
	| { readonly kind: 'why'; readonly seq?: number }
	/** Two entries by their `seq`, the older one first. */
	| { readonly kind: 'diff'; readonly seqs: readonly [number, number] }
	| { readonly kind: 'addSource'; readonly way: SourceWay }
	| { readonly kind: 'source' | 'editSource'; readonly id: SourceId }
	/** `seq`: the entry it was asked from; without one, the source's panel is where it goes back to. */
	| { readonly kind: 'mapping'; readonly id: SourceId; readonly seq?: number };

/** Which parts around the table are open. */
export class Layout {
	/** What was chosen in the palette, by its id, the last one first. */
	recentChoices: readonly string[] = [];
	sourcesOpen = $state(true);
	/** The dialog that is open. */
	dialog: OpenDialog | undefined = $state.raw();
	/** The menu that is open. */
	menu: OpenMenu | undefined = $state.raw();

	constructor(windowWidth: number) {
		this.sourcesOpen = windowWidth >= ROOMY_PX;
	}

	/** Takes note of what was chosen in the palette. */
	chose(id: string): void {
		this.recentChoices = [id, ...this.recentChoices.filter((other) => other !== id)].slice(
			0,
			MAX_RECENT,
		);
	}

	/** Closes the dialog, which may go back to where it was opened from. */
	closeDialog(): void {
		const { dialog } = this;
		this.dialog =
			dialog?.kind === 'mapping' && dialog.seq === undefined
				? { kind: 'source', id: dialog.id }
				: undefined;
	}
}
