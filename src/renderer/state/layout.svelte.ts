import type { SourceId } from '#shared/model/source.ts';

/** A narrower window begins without the side panel: the table needs the room. */
const ROOMY_PX = 1_000;

/** A dialog over the table, and what it is about. Which log to open is asked by `OpenFiles`. */
export type OpenDialog =
	| { readonly kind: 'keys' }
	| { readonly kind: 'settings' }
	| { readonly kind: 'source'; readonly id: SourceId }
	/** `seq`: the entry it was asked from; without one, the source's panel is where it goes back to. */
	| { readonly kind: 'mapping'; readonly id: SourceId; readonly seq?: number };

/** Which parts around the table are open. */
export class Layout {
	sourcesOpen = $state(true);
	/** The dialog that is open. */
	dialog: OpenDialog | undefined = $state.raw();

	constructor(windowWidth: number) {
		this.sourcesOpen = windowWidth >= ROOMY_PX;
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
