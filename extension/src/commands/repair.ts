// Repair…: which environment, then the plan with its steps, then the fix that was picked.
import { sep } from 'node:path';
import * as vscode from 'vscode';
import {
  Check,
  type CheckReport,
  Plan,
  type PlannedFix,
  type Repair,
  RepairEnvironment,
  type RepairPlan,
} from '../protocol';
import { refuseUntrusted } from '../trust';
import { nameOf } from '../ui/names';
import { type Choosable, pickFrom } from '../ui/pickers';
import { requestWithProgress } from '../ui/progress';
import { reportRepair } from '../ui/repairs';
import { say } from '../ui/say';
import type { Context } from './context';

const TITLE = 'Repair';

export async function repair(context: Context): Promise<void> {
  if (refuseUntrusted('repair an environment')) {
    return;
  }
  const client = await context.helper.client();
  const report = await client.sendRequest<CheckReport>(Check, {});
  const repairable = environmentsWithProblems(report);
  const [only, ...others] = repairable;
  if (only?.value === undefined) {
    sayWhyNothing(report);
    return;
  }
  const picker = { title: TITLE, placeholder: 'Which environment?', empty: '' };
  const environment =
    others.length === 0 ? only.value : await pickFrom(picker, Promise.resolve(repairable));
  if (environment !== undefined) {
    await repairEnvironment(context, environment);
  }
}

function sayWhyNothing({ problems }: CheckReport): void {
  const [first, ...others] = new Set(problems.map(({ environment }) => environment));
  if (first === undefined) {
    say('No environment needs repair.');
  } else {
    warnNoFix(nameOf(first) + (others.length === 0 ? '' : ` and ${others.length} more`));
  }
}

function warnNoFix(what: string): void {
  const show = 'Show Problems';
  const text = `Holdfast cannot repair ${what} by itself. The Problems panel says what is wrong and what to do.`;
  void vscode.window.showWarningMessage(text, show).then((chosen) => {
    if (chosen === show) {
      void vscode.commands.executeCommand('workbench.actions.view.problems');
    }
  });
}

export function environmentsWithProblems(report: CheckReport): Choosable<string>[] {
  const messages = new Map<string, string[]>();
  for (const { environment, message, fixes } of report.problems) {
    if (fixes.length > 0) {
      messages.set(environment, [...(messages.get(environment) ?? []), message]);
    }
  }
  return [...messages].map(([environment, [first = '', ...others]]) => ({
    label: nameOf(environment),
    description: environment,
    detail: others.length === 0 ? first : `${first} (and ${others.length} more)`,
    value: environment,
  }));
}

export async function repairEnvironment(context: Context, environment: string): Promise<void> {
  const client = await context.helper.client();
  const { planned } = await client.sendRequest<RepairPlan>(Plan, { environment });
  if (planned.length === 0) {
    warnNoFix(nameOf(environment));
    return;
  }
  const picker = {
    title: `Repair ${nameOf(environment)}`,
    placeholder: 'Pick what to do. Nothing has been changed yet',
    empty: '',
  };
  const picked = await pickFrom(picker, Promise.resolve(planItems(environment, planned)));
  if (picked === undefined || !(await agreesTo(picked))) {
    return;
  }
  const params = { environment, fix: picked === 'all' ? null : picked.fix.id };
  const title = `Repairing ${nameOf(environment)}`;
  reportRepair(await requestWithProgress<Repair>(context.helper, title, RepairEnvironment, params));
}

export function planItems(
  environment: string,
  planned: PlannedFix[],
): Choosable<PlannedFix | 'all'>[] {
  const safe = planned.filter(({ fix }) => fix.preferred && fix.safe);
  const all: Choosable<'all'>[] =
    safe.length < 2
      ? []
      : [
          {
            label: `$(checklist) Apply all ${safe.length} safe fixes`,
            detail: safe.map(({ fix }) => fix.title).join(' · '),
            value: 'all',
          },
        ];
  return [...all, ...planned.flatMap((item) => fixItems(environment, item))];
}

/** A fix and, below it, its steps: a row each, because a row does not wrap. Any of them picks it. */
function fixItems(environment: string, item: PlannedFix): Choosable<PlannedFix>[] {
  return [
    {
      label: `$(wrench) ${item.fix.title}`,
      description: item.fix.safe ? '' : 'may lose something: asks first',
      value: item,
    },
    ...item.steps.map((step, index) => ({
      label: '',
      description: `${index + 1}. ${step.replaceAll(environment + sep, '')}`,
      value: item,
    })),
  ];
}

async function agreesTo(picked: PlannedFix | 'all'): Promise<boolean> {
  if (picked === 'all' || picked.fix.safe) {
    return true;
  }
  const apply = 'Apply';
  const chosen = await vscode.window.showWarningMessage(
    `${picked.fix.title}?`,
    { modal: true, detail: picked.steps.join('\n') },
    apply,
  );
  return chosen === apply;
}
