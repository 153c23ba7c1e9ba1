import type { UserData } from './settings-file.ts';

/**
 * The same with the marks that belong to a storage in the settings: entries have other numbers in
 * each, so that those of another storage are kept aside for it.
 */
export function withMarksOf(data: UserData, address: string): UserData {
	const { settings, marks_of, other_marks } = data;
	if (marks_of === address) {
		return data;
	}
	const { [address]: marks = [], ...others } = other_marks;
	return {
		...data,
		settings: { ...settings, marks },
		marks_of: address,
		other_marks: settings.marks.length === 0 ? others : { ...others, [marks_of]: settings.marks },
	};
}
