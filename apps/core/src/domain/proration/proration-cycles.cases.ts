import type { Interval } from '../calendar/periods.js';

/**
 * Kill Bill's cases of proration in advance: how many cycles are billed up to a date, by interval, start, end, that
 * date and billing day. The sum is exact; its rounding to nine decimals is theirs. The ids begin with `kb-cycles-`.
 */
export interface CycleCase {
  id: string;
  interval: Interval;
  startDate: string;
  endDate: string | null;
  until: string;
  billingDay: number;
  /** Whole numbers and fractions `days/days`, to be added. */
  terms: string[];
  rounded: string;
}

const TABLE = `
annual-TestProRation-SinglePlan_PrecedingProRation-1                                                | year    | 2011-01-31 | -          | 2011-02-24 | 15 | 349/365             | 0.956164384
quarterly-TestProRation-PlanChange_AfterBillingDay-2                                                | quarter | 2011-05-10 | -          | 2011-09-21 | 15 | 5/89 + 2            | 2.056179775
monthly-TestProRation-StartTargetEnd-1                                                              | month   | 2010-12-15 | 2011-03-17 | 2011-03-15 | 15 | 3 + 2/31            | 3.064516129
monthly-TestProRation-SinglePlan_WithPhaseChange_AfterBillCycleDay-2                                | month   | 2011-02-17 | -          | 2011-03-04 | 3  | 3/2                 | 1.500000000
quarterly-TestProRation-SinglePlan_WithPhaseChange_AfterBillCycleDay-2                              | quarter | 2011-02-17 | -          | 2011-05-04 | 3  | 75/89 + 1           | 1.842696629
monthly-TestProRation-SinglePlan_LeapYear_StartingBeforeFebruary-1                                  | month   | 2012-01-15 | -          | 2012-02-03 | 15 | 1                   | 1.000000000
annual-TestTrailingProRation-TargetDateInProRationPeriod-1                                          | year    | 2010-06-17 | 2011-06-25 | 2011-06-18 | 17 | 1 + 8/366           | 1.021857923
annual-TestDoubleProRation-DoubleProRation_TargetDateInSecondProRationPeriod-1                      | year    | 2011-01-01 | 2012-01-27 | 2012-01-17 | 15 | 14/365 + 1 + 12/366 | 1.071143049
monthly-TestDoubleProRation-DoubleProRation_TargetDateInSecondProRationPeriod-1                     | month   | 2011-01-01 | 2011-02-27 | 2011-02-26 | 15 | 14/31 + 1 + 12/28   | 1.880184332
quarterly-TestLeadingProRation-LeadingProRation_Evergreen_TargetDateAfterFirstBillingPeriod-1       | quarter | 2011-02-01 | -          | 2011-06-13 | 13 | 12/92 + 2           | 2.130434783
quarterly-TestTrailingProRation-TargetDateOnStartDate-1                                             | quarter | 2010-06-17 | 2010-09-25 | 2010-06-17 | 17 | 1                   | 1.000000000
monthly-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateInFinalBillingPeriod-1          | month   | 2011-02-01 | 2011-04-13 | 2011-04-10 | 13 | 12/31 + 2           | 2.387096774
monthly-TestDoubleProRation-DoubleProRation_TargetDateOnFirstBillingCycleDate-1                     | month   | 2011-01-01 | 2011-02-27 | 2011-01-15 | 15 | 1 + 14/31           | 1.451612903
annual-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateOnFirstBillingDate-1             | year    | 2011-02-01 | 2012-02-13 | 2011-02-13 | 13 | 12/365 + 1          | 1.032876712
quarterly-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateAfterEndDate-1                | quarter | 2011-02-01 | 2011-08-13 | 2011-09-10 | 13 | 12/92 + 2           | 2.130434783
annual-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateInFinalBillingPeriod-1           | year    | 2011-02-01 | 2012-02-13 | 2011-04-10 | 13 | 12/365 + 1          | 1.032876712
quarterly-TestProRation-SinglePlan_WithPhaseChange-2                                                | quarter | 2011-02-24 | -          | 2011-03-06 | 10 | 75/89               | 0.842696629
quarterly-TestProRation-SinglePlan_WithPhaseChange_AfterBillCycleDay-1                              | quarter | 2011-02-03 | 2011-02-17 | 2011-05-04 | 3  | 14/89               | 0.157303371
quarterly-TestProRation-PlanChange_DoubleProRation-1                                                | quarter | 2011-01-31 | 2011-05-10 | 2011-05-21 | 7  | 66/90 + 33/91       | 1.095970696
monthly-TestProRation-PlanChange_BeforeBillingDay-1                                                 | month   | 2011-02-07 | 2011-02-15 | 2011-04-21 | 7  | 8/28                | 0.285714286
annual-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateOnEndDate-1                      | year    | 2011-02-01 | 2012-02-13 | 2012-02-13 | 13 | 12/365 + 1          | 1.032876712
annual-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateAfterEndDate-1                   | year    | 2011-02-01 | 2012-02-13 | 2012-04-10 | 13 | 12/365 + 1          | 1.032876712
monthly-TestLeadingProRation-LeadingProRation_Evergreen_TargetDateOnFirstBillingDate-1              | month   | 2011-02-01 | -          | 2011-02-13 | 13 | 12/31 + 1           | 1.387096774
quarterly-TestProRation-PlanChange_BeforeBillingDay-2                                               | quarter | 2011-02-15 | -          | 2011-09-21 | 15 | 3                   | 3.000000000
quarterly-TestDoubleProRation-DoubleProRation_TargetDateOnFirstBillingCycleDate-1                   | quarter | 2011-01-01 | 2011-04-27 | 2011-01-15 | 15 | 1 + 14/92           | 1.152173913
monthly-TestDoubleProRation-DoubleProRation_TargetDateInFirstProRationPeriod-1                      | month   | 2011-01-01 | 2011-02-27 | 2011-01-07 | 15 | 14/31               | 0.451612903
quarterly-TestLeadingProRation-LeadingProRation_Evergreen_TargetDateOnStartDate-1                   | quarter | 2011-02-01 | -          | 2011-02-01 | 13 | 12/92               | 0.130434783
monthly-TestTrailingProRation-TargetDateOnEndDate-1                                                 | month   | 2010-06-17 | 2010-07-25 | 2010-07-25 | 17 | 1 + 8/31            | 1.258064516
monthly-TestProRation-PlanChange_AfterBillingDay-1                                                  | month   | 2011-02-07 | 2011-03-10 | 2011-04-21 | 7  | 1 + 3/31            | 1.096774194
annual-TestDoubleProRation-DoubleProRationWithMultiplePeriods_TargetDateInSecondFullBillingPeriod-1 | year    | 2011-01-01 | 2013-04-27 | 2012-02-26 | 15 | 14/365 + 2          | 2.038356164
monthly-TestDoubleProRation-DoubleProRation_TargetDateOnEndDate-1                                   | month   | 2011-01-01 | 2011-02-27 | 2011-02-27 | 15 | 14/31 + 1 + 12/28   | 1.880184332
monthly-TestProRation-PlanChange_AfterBillingDay-2                                                  | month   | 2011-03-10 | -          | 2011-04-21 | 15 | 5/28 + 2            | 2.178571429
monthly-TestProRation-PlanChange_DoubleProRation-2                                                  | month   | 2011-03-10 | -          | 2011-04-21 | 15 | 5/28 + 2            | 2.178571429
quarterly-TestTrailingProRation-TargetDateAfterEndDate-1                                            | quarter | 2010-06-17 | 2010-09-25 | 2010-09-30 | 17 | 1 + 8/91            | 1.087912088
quarterly-TestProRation-SinglePlan_LeapYear_IncludingAllOfFebruary-1                                | quarter | 2012-01-30 | -          | 2012-03-01 | 30 | 1                   | 1.000000000
quarterly-TestDoubleProRation-DoubleProRation_TargetDateOnStartDate-1                               | quarter | 2011-01-01 | 2011-04-27 | 2011-01-01 | 15 | 14/92               | 0.152173913
annual-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateOnStartDate-1                    | year    | 2011-02-01 | 2012-02-13 | 2011-02-01 | 13 | 12/365              | 0.032876712
annual-TestTrailingProRation-TargetDateAtEndOfFirstBillingCycle-1                                   | year    | 2010-06-17 | 2011-06-25 | 2011-06-17 | 17 | 1 + 8/366           | 1.021857923
quarterly-TestProRation-SinglePlan_LeapYearFebruaryProRation-1                                      | quarter | 2012-02-01 | 2012-02-15 | 2012-02-19 | 1  | 14/90               | 0.155555556
quarterly-TestDoubleProRation-DoubleProRation_TargetDateOnSecondBillingCycleDate-1                  | quarter | 2011-01-01 | 2011-04-27 | 2011-04-15 | 15 | 14/92 + 1 + 12/91   | 1.284042045
monthly-TestProRation-PlanChange_BeforeBillingDay-2                                                 | month   | 2011-02-15 | -          | 2011-04-21 | 15 | 3                   | 3.000000000
monthly-TestDoubleProRation-DoubleProRation_TargetDateAfterEndDate-1                                | month   | 2011-01-01 | 2011-02-27 | 2011-03-07 | 15 | 14/31 + 1 + 12/28   | 1.880184332
quarterly-TestTrailingProRation-TargetDateInProRationPeriod-1                                       | quarter | 2010-06-17 | 2010-09-25 | 2010-09-18 | 17 | 1 + 8/91            | 1.087912088
monthly-TestProRation-SinglePlan_WithPhaseChange_OnBillCycleDay-2                                   | month   | 2011-02-17 | -          | 2011-03-03 | 3  | 3/2                 | 1.500000000
monthly-TestProRation-PlanChange_OnBillingDay-2                                                     | month   | 2011-03-07 | -          | 2011-04-21 | 15 | 8/28 + 2            | 2.285714286
quarterly-TestProRation-SinglePlan_WithPhaseChange_OnBillCycleDay-2                                 | quarter | 2011-02-17 | -          | 2011-05-03 | 3  | 1 + 75/89           | 1.842696629
quarterly-TestTrailingProRation-TargetDateInFirstBillingPeriod-1                                    | quarter | 2010-06-17 | 2010-09-25 | 2010-06-20 | 17 | 1                   | 1.000000000
quarterly-TestProRation-PlanChange_DoubleProRation-2                                                | quarter | 2011-05-10 | -          | 2011-05-21 | 15 | 5/89 + 1            | 1.056179775
quarterly-TestProRation-PlanChange_OnBillingDay-2                                                   | quarter | 2011-05-07 | -          | 2011-07-21 | 15 | 8/89 + 1            | 1.089887640
quarterly-TestProRation-StartTargetEnd-1                                                            | quarter | 2010-12-15 | 2011-06-17 | 2011-06-15 | 15 | 2 + 2/92            | 2.021739130
monthly-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateInProRationPeriod-1             | month   | 2011-02-01 | 2011-04-13 | 2011-02-04 | 13 | 12/31               | 0.387096774
monthly-TestProRation-SinglePlan_ChangeBCD-2                                                        | month   | 2011-02-14 | -          | 2011-03-01 | 27 | 1 + 13/31           | 1.419354839
quarterly-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateInFinalBillingPeriod-1        | quarter | 2011-02-01 | 2011-08-13 | 2011-08-10 | 13 | 12/92 + 2           | 2.130434783
quarterly-TestLeadingProRation-LeadingProRation_WithEndDate_TargetDateOnFirstBillingDate-1          | quarter | 2011-02-01 | 2011-08-13 | 2011-02-13 | 13 | 12/92 + 1           | 1.130434783
monthly-TestDoubleProRation-DoubleProRation_TargetDateInFullBillingPeriod-1                         | month   | 2011-01-01 | 2011-02-27 | 2011-01-22 | 15 | 14/31 + 1           | 1.451612903
`;

export const CYCLE_CASES: readonly CycleCase[] = TABLE.trim()
  .split('\n')
  .map((row) => {
    const [
      id = '',
      interval = '',
      startDate = '',
      endDate = '',
      until = '',
      day = '',
      terms = '',
      rounded = '',
    ] = row.split('|').map((cell) => cell.trim());
    return {
      id: `kb-cycles-${id}`,
      interval: interval as Interval,
      startDate,
      endDate: endDate === '-' ? null : endDate,
      until,
      billingDay: Number(day),
      terms: terms.split(' + '),
      rounded,
    };
  });
