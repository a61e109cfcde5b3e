/** Cases of Meteroid on MRR: recurring amounts a month before and after a change, in minor units. All of them are run. */
export const MRR_CASES: readonly {
  readonly id: string;
  readonly before: readonly { unitAmount: string; quantity: string }[];
  readonly after: readonly { unitAmount: string; quantity: string }[];
  readonly delta: bigint;
}[] = [
  {
    id: 'met-am-mrr-slot',
    before: [
      { unitAmount: '2000', quantity: '1' },
      { unitAmount: '1000', quantity: '1' },
    ],
    after: [
      { unitAmount: '2000', quantity: '1' },
      { unitAmount: '1000', quantity: '0' },
    ],
    delta: -1000n,
  },
  {
    id: 'met-pc-slots10',
    before: [],
    after: [
      { unitAmount: '9900', quantity: '1' },
      { unitAmount: '2500', quantity: '10' },
    ],
    delta: 34_900n,
  },
  {
    id: 'met-am-mrr-add',
    before: [{ unitAmount: '2000', quantity: '1' }],
    after: [
      { unitAmount: '2000', quantity: '1' },
      { unitAmount: '5000', quantity: '1' },
    ],
    delta: 5000n,
  },
  {
    id: 'met-am-mrr-override',
    before: [{ unitAmount: '2900', quantity: '1' }],
    after: [{ unitAmount: '9900', quantity: '1' }],
    delta: 7000n,
  },
];
