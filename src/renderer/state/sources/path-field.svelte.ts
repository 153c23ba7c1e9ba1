import type { SourceId } from '#shared/model/source.ts';
import type { OpenFiles } from './open-files.svelte.ts';

/** The field that a path is typed into, and the paths it may become. */
export class PathField {
	text = $state('');
	/** Paths that begin with the text; folders end with a separator. */
	paths: readonly string[] = $state.raw([]);
	/** The one that the keys have chosen; -1 for none. */
	index = $state(-1);
	/** Why it could not be opened. */
	problem: string | undefined = $state();
	isOpening = $state(false);
	#isHidden = $state(false);
	readonly #files: OpenFiles;
	readonly #source: SourceId | undefined;

	/** `text` stands in it at first; `source`: the one that is to be found there from now on. */
	constructor(files: OpenFiles, text = '', source?: SourceId) {
		this.#files = files;
		this.#source = source;
		this.text = text;
		void this.#complete();
	}

	get isListed(): boolean {
		return this.paths.length > 0 && !this.#isHidden;
	}

	get chosen(): string | undefined {
		return this.isListed ? this.paths[this.index] : undefined;
	}

	typed(): void {
		this.problem = undefined;
		this.#isHidden = false;
		void this.#complete();
	}

	/** Chooses the next path of the list, or the one before. */
	move(step: 1 | -1): void {
		const { length } = this.paths;
		this.#isHidden = false;
		if (length > 0) {
			const from = this.index === -1 && step === -1 ? 0 : this.index;
			this.index = (from + step + length) % length;
		}
	}

	hideList(): void {
		this.#isHidden = true;
	}

	/** Puts a path of the list into the field; the list of a folder follows. */
	take(path: string): void {
		this.text = path;
		this.typed();
		this.#isHidden = !/[/\\]$/.test(path);
	}

	/** Opens what is typed; `false` when that failed and `problem` says why. */
	async open(): Promise<boolean> {
		const path = this.text.trim();
		if (path === '') {
			this.problem = 'Type the path of a file or a folder, or a pattern.';
			return false;
		}
		this.isOpening = true;
		this.problem = await this.#files.open(path, this.#source);
		this.isOpening = false;
		this.#isHidden = true;
		return this.problem === undefined;
	}

	async #complete(): Promise<void> {
		const { text } = this;
		this.index = -1;
		try {
			const paths = await this.#files.completePath(text);
			if (text === this.text) {
				this.paths = paths.filter((path) => path !== text);
			}
		} catch {
			// Without proposals the path can still be typed.
			this.paths = [];
		}
	}
}
