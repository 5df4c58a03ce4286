import { seedOf } from '../seeded-random.js'
import type { Drill } from './drill.js'

/**
 * On which arm an engineer meets each incident, in the order in which to work: nobody meets one twice, since the second time
 * is the easier one. Neighbouring seats take the opposite arm of the same incident and begin with the opposite arm, so that
 * neither the incidents nor the order favour an arm (a Latin square of seats and incidents).
 */
export function assignIncidents(
  {
    arms,
    incidents,
    engineers,
    seed,
  }: Pick<Drill, 'arms' | 'engineers' | 'seed'> & { incidents: readonly { id: string }[] },
  engineer: string,
): { incident: string; arm: string }[] {
  const listed = engineers.indexOf(engineer)
  const seat = listed >= 0 ? listed : seedOf(`${seed} ${engineer}`)
  return incidents.map(({ id }, index) => ({ incident: id, arm: arms[(seat + index) % arms.length]! })) // a drill has an arm
}
