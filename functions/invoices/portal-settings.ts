/** What a portal's owner may set. Stored as one item; what is not stored has the default. */
export interface PortalSettings {
  /** IANA name; decides which day "today" is, and so what is overdue. */
  timeZone: string;
  /** How long the change feed keeps an event, in days. */
  feedRetentionDays: number;
  /**
   * How invoices that are issued in HubSpot are numbered; see invoice-number.ts. HubSpot's own: it isn't held to what the accounting system
   * numbers, where numbers may repeat, since one skipped for its sake would be a gap.
   */
  numberPattern: string;
  /** Who may do what from HubSpot, as functions/rep/policy.ts reads it; without one everybody may do everything. */
  policy?: unknown;
  /** For how many hours the frames of a card that was once shown can be opened. */
  ticketHours: number;
  /** Who sends the invoices, as the PDF prints it: functions/pages/pdf/seller.ts reads it. */
  seller?: unknown;
  /** Hosts whose PDFs a rep may be sent to, such as accounting.example.com. */
  pdfHosts: string[];
}

export const DEFAULT_SETTINGS: PortalSettings = {
  timeZone: 'UTC',
  feedRetentionDays: 90,
  numberPattern: 'HS-{year}-{0000}',
  ticketHours: 8,
  pdfHosts: [],
};

/** Whether the runtime knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
