/** The deals of the sample data, by what each shows. The ids are made up, as long as HubSpot's. */
export const SAMPLE_DEALS = {
  overview: '18820450101',
  none: '18820450102',
  two: '18820450103',
  many: '18820450104',
  currencies: '18820450105',
  texts: '18820450106',
} as const;

/** The same deals as the deal page lists them. */
export const SAMPLE_DEAL_LIST = [
  {
    dealId: SAMPLE_DEALS.overview,
    name: 'Brightwater Hotels – front desk rollout',
    amount: '€14,280.00',
    stage: 'Contract sent',
    note: 'seven invoices, one of each status',
  },
  {
    dealId: SAMPLE_DEALS.two,
    name: 'Olive & Thyme – second kitchen',
    amount: '€3,400.00',
    stage: 'Closed won',
    note: 'two invoices',
  },
  {
    dealId: SAMPLE_DEALS.none,
    name: 'Harbour Lane Studio – first order',
    amount: '€900.00',
    stage: 'Qualified to buy',
    note: 'no invoice yet',
  },
  {
    dealId: SAMPLE_DEALS.many,
    name: 'Northline Logistics – frame contract',
    amount: '€1,250,000.00',
    stage: 'Closed won',
    note: '2,000 invoices',
  },
  {
    dealId: SAMPLE_DEALS.currencies,
    name: 'Meridian Group – three subsidiaries',
    stage: 'Decision maker bought-in',
    note: 'invoices in EUR, JPY and KWD',
  },
  {
    dealId: SAMPLE_DEALS.texts,
    name: 'Text samples',
    stage: 'Appointment scheduled',
    note: 'long, right-to-left, <script> and emoji texts',
  },
] as const;
