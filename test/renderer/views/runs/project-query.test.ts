import { expect, it } from 'vitest';
import { projectOf, withProject } from '../../../../renderer/views/runs/project-query.ts';

it('a project is read from the query and written into it; the rest stays', () => {
  expect(projectOf('lr<1 project:"chapter 6" adam')).toBe('chapter 6');
  expect(projectOf('lr<1 -project:x')).toBeNull();
  expect(projectOf('project:a,b')).toBeNull();
  expect(withProject('lr<1', 'chapter 6')).toBe('project:"chapter 6" lr<1');
  expect(withProject('lr<1 project:"chapter 6" adam', 'thesis')).toBe('project:thesis lr<1 adam');
  expect(withProject('lr<1 project:thesis adam', null)).toBe('lr<1 adam');
  expect(withProject('', null)).toBe('');
});
