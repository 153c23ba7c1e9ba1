import { LogView } from '../../../../src/renderer/state/result/log-view.svelte.ts';
import { FakeEngine } from './fake-engine.ts';
import { ManualClock, settle } from './manual-clock.ts';

/** A view of 30 rows, its engine and its time. */
export class ViewInTest {
	readonly engine = new FakeEngine();
	readonly clock = new ManualClock();
	readonly view = new LogView(this.engine, this.clock);

	constructor() {
		this.view.viewport.resize(30);
	}

	/** Connects the view to an engine that holds so many entries. */
	async start(count: number): Promise<void> {
		this.engine.append(count);
		this.view.connected(this.engine.status);
		await settle();
	}

	/** Says that the storage changed, and lets the view do what it does about it. */
	async tell(ms = 100): Promise<void> {
		this.view.storageChanged(this.engine.status);
		await this.clock.pass(ms);
	}

	/** Lets questions wait from now on; the answer lets them go, and later ones pass. */
	block(): () => Promise<void> {
		const opens: (() => void)[] = [];
		this.engine.gate = () => new Promise((resolve) => opens.push(resolve));
		return async () => {
			this.engine.gate = undefined;
			for (const open of opens) {
				open();
			}
			await settle();
		};
	}

	/** The entries in the viewport, by `seq`. */
	get visible(): readonly (number | undefined)[] {
		const { viewport, endRank } = this.view;
		const first = Math.floor(viewport.topRank);
		const end = Math.min(first + viewport.viewRows, endRank);
		return Array.from({ length: end - first }, (_, index) => this.view.rowAt(first + index)?.seq);
	}
}

/** So many numbers, each one less than the one before. */
export function downFrom(seq: number, count: number): readonly number[] {
	return Array.from({ length: count }, (_, index) => seq - index);
}
