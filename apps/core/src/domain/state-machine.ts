/** For each status, where each verb that is possible in it leads. A status with no verbs is final. */
export type TransitionTable<Status extends string, Verb extends string> = Readonly<
  Record<Status, Readonly<Partial<Record<Verb, Status>>>>
>;

export interface StateMachine<Status extends string, Verb extends string> {
  readonly table: TransitionTable<Status, Verb>;
  /** Whether the verb is possible. The status may come straight from a text column. */
  canMove(from: string, verb: Verb): boolean;
  /** The status the verb leads to. Asking for a move that is not possible is a bug, so it throws. */
  next(from: string, verb: Verb): Status;
  /** The statuses in which the verb is possible, for the guard of an UPDATE. */
  sources(verb: Verb): Status[];
}

/** Makes the questions to ask of a table of transitions. */
export function stateMachine<Status extends string, Verb extends string>(
  name: string,
  table: TransitionTable<Status, Verb>,
): StateMachine<Status, Verb> {
  const rows = new Map<string, Readonly<Partial<Record<Verb, Status>>>>(
    Object.entries(table) as [Status, never][],
  );

  const target = (from: string, verb: Verb): Status | undefined => {
    const row = rows.get(from);
    if (!row) throw new RangeError(`"${from}" is not a status of ${name}.`);
    return Object.hasOwn(row, verb) ? row[verb] : undefined;
  };

  return {
    table,
    canMove: (from, verb) => target(from, verb) !== undefined,
    next(from, verb) {
      const to = target(from, verb);
      if (to === undefined) throw new RangeError(`${name}: ${verb} is not possible in the status ${from}.`);
      return to;
    },
    sources: (verb) => (Object.keys(table) as Status[]).filter((from) => target(from, verb) !== undefined),
  };
}
