import type { JsonNode } from '#shared/json/parse-json.ts';

/** How many members of one object or array are listed before one has to ask for more. */
export const CHUNK = 100;

/** One visible line of a JSON tree. `path` names it among the lines of one tree. */
export interface JsonLine {
	readonly path: string;
	readonly level: number;
	/** Key of an object's member, index of an array's item; the root has none. */
	readonly key: string | undefined;
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
		addMembers(root, '', 1, undefined);
	} else {
		addLine(root, '', undefined, 1, 1, 1, undefined);
	}
	return lines;

	function addMembers(
		node: JsonNode,
		path: string,
		level: number,
		parent: string | undefined,
	): void {
		const size = sizeOf(node);
		const listed = Math.min(size, state.listed.get(path) ?? CHUNK);
		for (let index = 0; index < listed; index++) {
			const member = node.kind === 'object' ? node.members[index] : undefined;
			const value = node.kind === 'array' ? node.items[index] : member?.value;
			if (value !== undefined) {
				const key = member?.key ?? String(index);
				// By position, not by key: a key may stand there twice.
				addLine(value, `${path}/${index}`, key, level, index + 1, size, parent);
			}
		}
		if (listed < size) {
			lines.push({
				path: `${path}/more`,
				level,
				key: undefined,
				kind: 'more',
				text: `${(size - listed).toLocaleString('en-US')} more`,
				type: node.kind,
				open: false,
				position: listed + 1,
				siblings: size,
				parent,
			});
		}
	}

	function addLine(
		node: JsonNode,
		path: string,
		key: string | undefined,
		level: number,
		position: number,
		siblings: number,
		parent: string | undefined,
	): void {
		const size = sizeOf(node);
		const branch = size > 0;
		const open = branch && isOpen(path, level, size, state);
		const place = { path, key, level, position, siblings, parent };
		const text = branch ? sizeText(node.kind, size) : source.slice(node.start, node.end);
		lines.push({ ...place, kind: branch ? 'branch' : 'leaf', text, type: node.kind, open });
		if (open) {
			addMembers(node, path, level + 1, path);
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
