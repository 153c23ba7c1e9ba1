const BLOCK_LENGTH = 4_000;

/**
 * Cuts long text into blocks that can be laid out one by one: at the end of a line where there is
 * one near, and never inside a character. Together they are the text without those line ends.
 */
export function textBlocks(text: string): readonly string[] {
	const blocks: string[] = [];
	let start = 0;
	while (start < text.length) {
		const limit = start + BLOCK_LENGTH;
		if (limit >= text.length) {
			blocks.push(text.slice(start));
			break;
		}
		// Within the block only: searching the whole text each time would be quadratic.
		const newline = text.slice(start, limit).lastIndexOf('\n');
		if (newline > 0) {
			blocks.push(text.slice(start, start + newline));
			start += newline + 1;
		} else {
			const end = isLowSurrogate(text, limit) ? limit - 1 : limit;
			blocks.push(text.slice(start, end));
			start = end;
		}
	}
	return blocks;
}

function isLowSurrogate(text: string, index: number): boolean {
	const code = text.charCodeAt(index);
	return code >= 0xdc00 && code <= 0xdfff;
}
