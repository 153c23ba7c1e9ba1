import * as v from 'valibot';

/** Where a value stands in a JSON record: the keys from the outside in, `['log', 'level']`. */
const pathSchema = v.pipe(
	v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(1_000))),
	v.minLength(1),
	v.maxLength(16),
);

/**
 * Which values of a source's JSON lines are its columns, where the formats we know do not fit. A
 * field that is not named here, or that a line lacks, is found as without a mapping.
 */
export const mappingSchema = v.strictObject({
	time: v.exactOptional(pathSchema),
	level: v.exactOptional(pathSchema),
	message: v.exactOptional(pathSchema),
	logger: v.exactOptional(pathSchema),
	task: v.exactOptional(pathSchema),
});
export type Mapping = v.InferOutput<typeof mappingSchema>;

/** The columns a mapping can name, in the order the editor shows them. */
export const MAPPED_FIELDS = ['time', 'level', 'message', 'logger', 'task'] as const;
export type MappedField = (typeof MAPPED_FIELDS)[number];
