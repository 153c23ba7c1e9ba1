const KEY = /(?<!\\)"extra"[ \t\r\n]*:[ \t\r\n]*/;

/**
 * The `extra` of a line that the scanner has called a record, without taking the whole line apart:
 * its text, `null` if there is none, `undefined` if only the decoder can tell. Nothing before that
 * key can look like it: other keys are known, and no text but the message may have an escape.
 */
export function recordExtra(line: string): string | null | undefined {
	const key = KEY.exec(line);
	if (key === null) {
		return null;
	}
	// It is the last member, as AsyncZ writes it, if it ends where the record does.
	const text = line.slice(key.index + key[0].length, line.lastIndexOf('}')).trimEnd();
	if (text === 'null') {
		return null;
	}
	return text.startsWith('{') && isJson(text) ? text : undefined;
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
