import { COMMAND_GROUPS } from '../lib/commands.ts';
import { displayLine } from '#shared/format/display-text.ts';
import { matchWords } from '../lib/match-words.ts';
import { keysOfView } from './keys.svelte.ts';
import { runCommand } from './run-command.ts';
import { isLocal } from './storages/in-table.ts';
import { isOnlySource, toggleSource } from './query/source-query.ts';
import type { Workspace } from './workspace.svelte.ts';

/** A line of the palette. */
export interface PaletteItem {
	readonly id: string;
	readonly title: string;
	/** The keys that do the same. */
	readonly keys: readonly string[];
	run(): void;
}

/** Everything that can be told, found by a few letters of it: commands, saved views and sources. */
export class Palette {
	/** What is typed. */
	text = $state('');
	/** Which of `items` Enter takes. */
	index = $state(0);
	readonly #all: readonly PaletteItem[];
	readonly #recent: readonly string[];

	/** `only`: nothing but sources is offered. */
	constructor(workspace: Workspace, only: 'sources' | undefined) {
		const sources = sourceItems(workspace);
		this.#all =
			only === 'sources'
				? sources
				: [...commandItems(workspace), ...viewItems(workspace), ...sources];
		this.#recent = workspace.layout.recentChoices;
	}

	/** What fits to the typed words, the best first; what was chosen lately before the others. */
	get items(): readonly PaletteItem[] {
		const typed = this.text.trim();
		const scored = this.#all.flatMap((item, place) => {
			const score = matchWords(typed, item.title);
			const since = this.#recent.indexOf(item.id);
			return score === undefined
				? []
				: [{ item, score, order: since < 0 ? this.#recent.length + place : since }];
		});
		return scored.sort((a, b) => b.score - a.score || a.order - b.order).map(({ item }) => item);
	}

	/** The line Enter takes. */
	get chosen(): PaletteItem | undefined {
		return this.items[this.index];
	}

	/** Another text is typed: its best line is the one. */
	type(text: string): void {
		this.text = text;
		this.index = 0;
	}

	/** Goes to the line below or above, round the ends. */
	move(by: number): void {
		const { length } = this.items;
		this.index = length === 0 ? 0 : (this.index + by + length) % length;
	}
}

function commandItems(workspace: Workspace): readonly PaletteItem[] {
	const [move = [], ...others] = COMMAND_GROUPS.map(({ commands }) => commands);
	// Moving is what nobody looks for here: last. Saved views are listed by their names.
	return [...others.flat(), ...move]
		.filter(({ id }) => id !== 'showPalette' && !/^view\d$/.test(id))
		.map(({ id, title }) => ({
			id,
			title,
			keys: workspace.keys.of(id),
			run: () => runCommand(id, workspace),
		}));
}

function viewItems({ tools, keys }: Workspace): readonly PaletteItem[] {
	return tools.views.list.map(({ name }, index) => ({
		id: `view ${name}`,
		title: `Open view ${displayLine(name)}`,
		keys: keysOfView(keys, index),
		run: () => tools.views.open(index),
	}));
}

function sourceItems(workspace: Workspace): readonly PaletteItem[] {
	const hasSources = isLocal(workspace);
	return workspace.engine.sources.map((source) => ({
		id: `source ${source.id}`,
		title: !hasSources
			? `About source ${displayLine(source.name)}`
			: isOnlySource(workspace, source)
				? 'Show all sources'
				: `Show only source ${displayLine(source.name)}`,
		keys: [],
		run: () => {
			if (hasSources) {
				toggleSource(workspace, source.id);
			} else {
				workspace.layout.dialog = { kind: 'source', id: source.id };
			}
		},
	}));
}
