/**
 * Log text is written by strangers. Before it is shown, what would reorder, hide or colour other
 * text becomes visible or goes: terminal escapes are taken out, control, bidirectional and
 * zero-width characters become tokens.
 */

// Each alternative starts at its own ESC (or C1 introducer) and stops at the next one, so that
// the whole is linear. An escape without its end is left to the tokens below.
const TERMINAL_ESCAPE = new RegExp(
	[
		'(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]', // CSI: colours, cursor
		'(?:\\u001b\\]|\\u009d)[^\\u0007\\u001b\\u009c\\u009d]{0,4096}(?:\\u0007|\\u001b\\\\|\\u009c)', // OSC
		'\\u001b[PX^_][^\\u001b]{0,4096}\\u001b\\\\', // DCS, SOS, PM, APC
		'\\u001b[ -/]*[0-OQ-WYZ\\\\`-~]', // two characters and charset choices
	].join('|'),
	'g',
);

const HIDDEN_CLASS =
	'\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}\\p{Surrogate}';
const HAS_HIDDEN = new RegExp(`[${HIDDEN_CLASS}]`, 'u');
const HIDDEN = new RegExp(`[${HIDDEN_CLASS}]`, 'gu');

/** Text as it may be shown on several lines: newlines and tabs are kept. */
export function displayText(text: string): string {
	if (!HAS_HIDDEN.test(text)) {
		return text;
	}
	return text
		.replaceAll('\r\n', '\n')
		.replace(TERMINAL_ESCAPE, '')
		.replace(HIDDEN, (found, offset: number, whole: string) =>
			found === '\u200d' && isJoiner(whole, offset) ? found : token(found),
		);
}

/** Text as it may be shown on one line: newlines become a mark. */
export function displayLine(text: string): string {
	// Not trimEnd: it would take hidden characters away, too.
	const shown = displayText(text.slice(0, lengthWithoutEnd(text)));
	return shown.includes('\n') ? shown.replaceAll('\n', ' ↵ ') : shown;
}

function lengthWithoutEnd(text: string): number {
	let length = text.length;
	while (length > 0 && ' \t\r\n'.includes(text[length - 1] ?? '')) {
		length--;
	}
	return length;
}

/** A joiner between emoji is part of the picture. */
function isJoiner(text: string, offset: number): boolean {
	return (
		/[\p{Extended_Pictographic}\ufe0f\p{Emoji_Modifier}]$/u.test(
			text.slice(Math.max(offset - 2, 0), offset),
		) && /^\p{Extended_Pictographic}/u.test(text.slice(offset + 1, offset + 3))
	);
}

/** Its number: the pictures Unicode has for control characters are missing in many fonts. */
function token(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
