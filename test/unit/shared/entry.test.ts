import { expect, test } from 'vitest';
import { MESSAGE_PREVIEW_LENGTH, previewOf } from '#shared/model/entry.ts';

test.each([
	['a short message', 'ß😀\0', 'ß😀\0'],
	['one of the limit', 'x'.repeat(MESSAGE_PREVIEW_LENGTH), 'x'.repeat(MESSAGE_PREVIEW_LENGTH)],
	['a longer one', 'x'.repeat(MESSAGE_PREVIEW_LENGTH + 1), 'x'.repeat(MESSAGE_PREVIEW_LENGTH)],
	['one with a pair at the limit', `x${'😀'.repeat(600)}`, `x${'😀'.repeat(499)}`],
])('the preview of %s is its beginning in whole characters', (_, message, preview) => {
	expect(previewOf(message)).toBe(preview);
});
