import type { QueryPlace } from '#shared/query/ast.ts';

/** Puts the keyboard into the table, where single keys act. */
export function focusTable(): void {
	document.getElementById('log-entries')?.focus({ preventScroll: true });
}

/** Puts the keyboard into the query bar, its text chosen to be typed over. */
export function focusSearch(): void {
	focusField('search');
}

/** The same with a part of the query. */
export function focusClause(place: QueryPlace): void {
	focusField('search', place);
}

/** Puts the keyboard into the field of what is highlighted, if it is open already. */
export function focusHighlight(): void {
	focusField('highlight');
}

/** The field for a note in the details. */
export const NOTE_FIELD = 'entry-note';

/** Puts the keyboard into that field, once what is being closed has let go of it. */
export function focusNote(): void {
	requestAnimationFrame(() => document.getElementById(NOTE_FIELD)?.focus());
}

function focusField(id: string, { from, to }: QueryPlace = { from: 0, to: Infinity }): void {
	const field = document.getElementById(id);
	if (field instanceof HTMLInputElement) {
		field.focus();
		field.setSelectionRange(from, Math.min(to, field.value.length));
	}
}

/** Opens the list of columns, as its button does. */
export function openColumnChooser(): void {
	document.getElementById('choose-columns')?.click();
}
