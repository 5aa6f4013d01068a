export function renderReportText(): string {
  return '';
}
