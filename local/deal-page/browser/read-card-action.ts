import type { CardAction } from './card.ts';
import { readInteger, readObject, readOptionalText, readText, UnexpectedJson } from './read-json.ts';

/**
 * An action of the flat card format: IFRAME, ACTION_HOOK or CONFIRMATION_ACTION_HOOK. Texts that a confirmation
 * leaves out are those of HubSpot's card converter.
 *
 * @throws UnexpectedJson naming the field that isn't as the contract says
 */
export const readCardAction = (value: unknown, place: string): CardAction => {
  const sent = readObject(value, place);
  const type = readText(sent.type, `${place}.type`);
  const uri = readText(sent.uri, `${place}.uri`);
  const label = readText(sent.label, `${place}.label`);
  if (type === 'IFRAME') {
    const width = readInteger(sent.width, `${place}.width`);
    return { kind: 'frame', label, uri, width, height: readInteger(sent.height, `${place}.height`) };
  }
  const isDelete = sent.httpMethod === 'DELETE';
  if (type === 'ACTION_HOOK') return { kind: 'hook', label, sent, isDelete };
  if (type !== 'CONFIRMATION_ACTION_HOOK') {
    throw new UnexpectedJson(`${place}.type is not a type of action: ${type}`);
  }
  const confirmation = {
    message: readOptionalText(sent.confirmationMessage, `${place}.confirmationMessage`) ?? 'Are you sure?',
    confirm: readOptionalText(sent.confirmButtonText, `${place}.confirmButtonText`) ?? 'Yes',
    cancel: readOptionalText(sent.cancelButtonText, `${place}.cancelButtonText`) ?? 'No',
  };
  return { kind: 'hook', label, sent, isDelete, confirmation };
};
