/** A narrower window begins without the side panel: the table needs the room. */
const ROOMY_PX = 1_000;

/** Which parts around the table are open. */
export class Layout {
	sourcesOpen = $state(true);
	keysOpen = $state(false);

	constructor(windowWidth: number) {
		this.sourcesOpen = windowWidth >= ROOMY_PX;
	}
}
