import type { JsonNode } from '#shared/json/parse-json.ts';

/** How many members of one object or array are listed before one has to ask for more. */
export const CHUNK = 100;

/** One visible line of a JSON tree. `path` names it among the lines of one tree. */
export interface JsonLine {
	readonly path: string;
	readonly level: number;
	/** Key of an object's member, index of an array's item; the root has none. */
	readonly key: string | undefined;
	/** The keys that lead to it, as a query names its field: places in arrays are none of them. */
	readonly keys: readonly string[];
	/** Where its value stands in the JSON text. */
	readonly start: number;
	readonly end: number;
	readonly kind: 'branch' | 'leaf' | 'more';
	/** For a branch: its size in words. For a leaf: its value as written. For more: how many. */
	readonly text: string;
	readonly type: JsonNode['kind'];
	readonly open: boolean;
	readonly position: number;
	readonly siblings: number;
	readonly parent: string | undefined;
}

/** Which branches differ from how they are at first, and how many members each one lists. */
export interface TreeState {
	readonly toggled: ReadonlySet<string>;
	readonly listed: ReadonlyMap<string, number>;
}

/** Open at first: the two upper levels, unless they are long. */
function isOpen(path: string, level: number, size: number, state: TreeState): boolean {
	const atFirst = level <= 2 && size <= 30;
	return state.toggled.has(path) ? !atFirst : atFirst;
}

/** The lines of a JSON value as they are visible now; the members of the root come first. */
export function jsonLines(root: JsonNode, source: string, state: TreeState): readonly JsonLine[] {
	const lines: JsonLine[] = [];
	if (root.kind === 'object' || root.kind === 'array') {
		addMembers(root, { path: '', keys: [], level: 1, parent: undefined });
	} else {
		addLine(root, {
			path: '',
			key: undefined,
			keys: [],
			level: 1,
			position: 1,
			siblings: 1,
			parent: undefined,
		});
	}
	return lines;

	function addMembers(
		node: JsonNode,
		{ path, keys, level, parent }: Pick<JsonLine, 'path' | 'keys' | 'level' | 'parent'>,
	): void {
		const siblings = sizeOf(node);
		const listed = Math.min(siblings, state.listed.get(path) ?? CHUNK);
		for (let index = 0; index < listed; index++) {
			const member = node.kind === 'object' ? node.members[index] : undefined;
			const value = node.kind === 'array' ? node.items[index] : member?.value;
			if (value !== undefined) {
				addLine(value, {
					// By position, not by key: a key may stand there twice.
					path: `${path}/${index}`,
					key: member?.key ?? String(index),
					keys: member === undefined ? keys : [...keys, member.key],
					level,
					position: index + 1,
					siblings,
					parent,
				});
			}
		}
		if (listed < siblings) {
			lines.push({
				path: `${path}/more`,
				level,
				key: undefined,
				keys,
				start: node.end,
				end: node.end,
				kind: 'more',
				text: `${(siblings - listed).toLocaleString('en-US')} more`,
				type: node.kind,
				open: false,
				position: listed + 1,
				siblings,
				parent,
			});
		}
	}

	function addLine(
		node: JsonNode,
		place: Omit<JsonLine, 'start' | 'end' | 'kind' | 'text' | 'type' | 'open'>,
	): void {
		const size = sizeOf(node);
		const branch = size > 0;
		const open = branch && isOpen(place.path, place.level, size, state);
		const { start, end, kind: type } = node;
		const text = branch ? sizeText(type, size) : source.slice(start, end);
		lines.push({ ...place, start, end, kind: branch ? 'branch' : 'leaf', text, type, open });
		if (open) {
			const { path, keys, level } = place;
			addMembers(node, { path, keys, level: level + 1, parent: path });
		}
	}
}

function sizeOf(node: JsonNode): number {
	if (node.kind === 'object') {
		return node.members.length;
	}
	return node.kind === 'array' ? node.items.length : 0;
}

function sizeText(kind: JsonNode['kind'], size: number): string {
	const count = size.toLocaleString('en-US');
	if (kind === 'array') {
		return `[${count} ${size === 1 ? 'item' : 'items'}]`;
	}
	return `{${count} ${size === 1 ? 'key' : 'keys'}}`;
}
