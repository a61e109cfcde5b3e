import { DAYS_MAX, type DunningPlan, type DunningStep, STEPS_MAX } from './dunning-policy.js';

/** What is wrong with a policy, and where: the path of the field. */
interface PolicyProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Everything that is wrong with a policy; nothing when it can be gone by. */
export function policyProblems(plan: DunningPlan): PolicyProblem[] {
  const { steps, finalAfterDays } = plan;
  const problems: PolicyProblem[] = [];
  if (steps.length > STEPS_MAX) {
    problems.push({ path: ['steps'], message: `must not have more than ${STEPS_MAX} steps` });
  }
  for (const [index, step] of steps.entries()) {
    problems.push(...stepProblems(step, index, steps[index - 1]));
  }
  if (!isDay(finalAfterDays)) {
    problems.push({ path: ['finalAfterDays'], message: `must be whole days from 0 to ${DAYS_MAX}` });
  } else if (finalAfterDays <= (steps.at(-1)?.offsetDays ?? -1)) {
    problems.push({ path: ['finalAfterDays'], message: 'must be later than the last step' });
  }
  return problems;
}

function stepProblems(
  { offsetDays, actions }: DunningStep,
  index: number,
  before: DunningStep | undefined,
): PolicyProblem[] {
  const at = (field: string) => ['steps', index, field];
  const problems: PolicyProblem[] = [];
  if (!isDay(offsetDays) || offsetDays === DAYS_MAX) {
    const message = `must be whole days from 0 to ${DAYS_MAX - 1}`;
    problems.push({ path: at('offsetDays'), message });
  } else if (before && offsetDays <= before.offsetDays) {
    problems.push({ path: at('offsetDays'), message: 'must be later than the step before' });
  }
  const kinds = actions.map(({ kind }) => kind);
  if (kinds.length === 0) problems.push({ path: at('actions'), message: 'must have an action' });
  if (new Set(kinds).size < kinds.length) {
    problems.push({ path: at('actions'), message: 'must have at most one action of a kind' });
  }
  if (kinds.includes('charge') && offsetDays === 0) {
    const message = 'must not charge on the day that a charge has failed';
    problems.push({ path: at('actions'), message });
  }
  return problems;
}

function isDay(days: number): boolean {
  return Number.isSafeInteger(days) && days >= 0 && days <= DAYS_MAX;
}
