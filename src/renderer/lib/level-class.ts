/** The CSS class that carries a level's colour; unknown levels take that of their severity. */
export function levelClass(severity: number): string {
	if (severity >= 50) {
		return 'level-critical';
	}
	if (severity >= 40) {
		return 'level-error';
	}
	if (severity >= 30) {
		return 'level-warning';
	}
	return severity >= 20 ? 'level-info' : 'level-debug';
}
