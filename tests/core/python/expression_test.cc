// What expressions are worth: text of a module and what is read from it.
// Every row was compared with what CPython 3.11 does with the same module.
#include <gtest/gtest.h>

#include <vector>

#include "core/python/python_rows.h"
#include "onehead/core/migration/migration.h"

namespace onehead {
namespace {

TEST(MigrationValue, Known) {
  for (const Row& row : std::vector<Row>{
           {"down_revision = 'a'", "down_revision@1 'a' <'a'>"},
           {"down_revision = \"a\"", "down_revision@1 'a' <\"a\">"},
           {"down_revision = None", "down_revision@1 none <None>"},
           {"down_revision = ()", "down_revision@1 () <()>"},
           {"down_revision = []", "down_revision@1 () <[]>"},
           {"down_revision = ''", "down_revision@1 '' <''>"},
           {"down_revision = ('a')", "down_revision@1 'a' <('a')>"},
           {"down_revision = ('a',)", "down_revision@1 ('a') <('a',)>"},
           {"down_revision = 'a',", "down_revision@1 ('a') <'a',>"},
           {"down_revision = 'a', 'b'", "down_revision@1 ('a', 'b') <'a', 'b'>"},
           {"down_revision = ('a', 'b')", "down_revision@1 ('a', 'b') <('a', 'b')>"},
           {"down_revision = ['a', 'b']", "down_revision@1 ('a', 'b') <['a', 'b']>"},
           {"down_revision = {'a', 'b'}", "down_revision@1 ('a', 'b') <{'a', 'b'}>"},
           {"down_revision = ('a', 'a', 'b', 'a')",
            "down_revision@1 ('a', 'b') <('a', 'a', 'b', 'a')>"},
           {"down_revision = (\n    'a',  # one\n    'b',\n)",
            "down_revision@1 ('a', 'b') <(\n    'a',  # one\n    'b',\n)>"},
           {"down_revision = ((('a')))", "down_revision@1 'a' <((('a')))>"},
           {"down_revision = (('a', 'b'))", "down_revision@1 ('a', 'b') <(('a', 'b'))>"},
           {"down_revision = 'a' 'b'", "down_revision@1 'ab' <'a' 'b'>"},
           {"down_revision = ('a'\n  'b')", "down_revision@1 'ab' <('a'\n  'b')>"},
           {"down_revision = 'a' + 'b'", "down_revision@1 'ab' <'a' + 'b'>"},
           {"down_revision = ('a',) + ('b',)", "down_revision@1 ('a', 'b') <('a',) + ('b',)>"},
           {"down_revision = ['a'] + ['b']", "down_revision@1 ('a', 'b') <['a'] + ['b']>"},
           {"down_revision = ['a'] + ('b',)",
            "down_revision@1 unknown <['a'] + ('b',)>; 1: only two strings, tuples or lists can b"
            "e added here: ['a'] + ('b',)"},
           {"down_revision = ('a' + 'b', 'c')", "down_revision@1 ('ab', 'c') <('a' + 'b', 'c')>"},
           {"down_revision = \\\n  'a'", "down_revision@1 'a' <'a'>"},
           {"down_revision='''a'''", "down_revision@1 'a' <'''a'''>"},
           {"down_revision=\"\"\"a\"\"\"", "down_revision@1 'a' <\"\"\"a\"\"\">"},
           {"down_revision = True", "down_revision@1 illegal <True>"},
           {"down_revision = False", "down_revision@1 illegal <False>"},
           {"down_revision = 12", "down_revision@1 illegal <12>"},
           {"down_revision = -1", "down_revision@1 illegal <-1>"},
           {"down_revision = 1.5e3", "down_revision@1 illegal <1.5e3>"},
           {"down_revision = 0x1F", "down_revision@1 illegal <0x1F>"},
           {"down_revision = ...", "down_revision@1 illegal <...>"},
           {"down_revision = {}", "down_revision@1 illegal <{}>"},
           {"down_revision = {'a': 'b'}", "down_revision@1 illegal <{'a': 'b'}>"},
           {"down_revision = b'a'", "down_revision@1 illegal <b'a'>"},
           {"down_revision = rb'a'", "down_revision@1 illegal <rb'a'>"},
           {"down_revision = ('a', None)", "down_revision@1 illegal <('a', None)>"},
           {"down_revision = ('a', 1)", "down_revision@1 illegal <('a', 1)>"},
           {"down_revision = (('a',), 'b')", "down_revision@1 illegal <(('a',), 'b')>"},
           {"down_revision = [['a']]", "down_revision@1 illegal <[['a']]>"},
           {"down_revision = u'a'", "down_revision@1 'a' <u'a'>"},
           {"down_revision = f'a'", "down_revision@1 'a' <f'a'>"},
           {"down_revision = f'a{{b}}'", "down_revision@1 'a{b}' <f'a{{b}}'>"},
           {"down_revision = r'a\\d'", "down_revision@1 'a\\d' <r'a\\d'>"},
           {"down_revision = F\"a\" rf'b'", "down_revision@1 'ab' <F\"a\" rf'b'>"},
           {"down_revision = 'a\\x41\\101\\u0042\\U00000043\\n'",
            "down_revision@1 'aAABC\n' <'a\\x41\\101\\u0042\\U00000043\\n'>"},
           {"down_revision = 'a\\\nb'", "down_revision@1 'ab' <'a\\\nb'>"},
           {"down_revision = '\\d'", "down_revision@1 '\\d' <'\\d'>"},
           {"down_revision = 'caf\303\251'", "down_revision@1 'caf\303\251' <'caf\303\251'>"},
           {"down_revision = '\\N{EM DASH}'",
            "down_revision@1 unknown <'\\N{EM DASH}'>; 1: a \\N{...} escape is not looked up: '\\"
            "N{EM DASH}'"},
           {"down_revision = '\\ud800'",
            "down_revision@1 unknown <'\\ud800'>; 1: a lone surrogate is not text: '\\ud800'"},
           {"down_revision = '\\x4'",
            "down_revision@1 unknown <'\\x4'>; 1: malformed \\x escape: '\\x4'"},
           {"down_revision = '\\u12'",
            "down_revision@1 unknown <'\\u12'>; 1: malformed \\u escape: '\\u12'"},
           {"down_revision = '\\U00110000'",
            "down_revision@1 unknown <'\\U00110000'>; 1: malformed \\U escape: '\\U00110000'"},
           {"down_revision = 'a' b'b'",
            "down_revision@1 unknown <'a' b'b'>; 1: bytes and text cannot be concatenated: 'a' "
            "b'b'"},
           {"down_revision = f'{x}'",
            "down_revision@1 unknown <f'{x}'>; 1: the fields of an f-string cannot be evaluated: "
            "f'{x}'"},
           {"down_revision = f'{\"a\"}' 'b'",
            "down_revision@1 unknown <f'{\"a\"}' 'b'>; 1: the fields of an f-string cannot be eva"
            "luated: f'{\"a\"}' 'b'"},
           {"down_revision = t'a'", "down_revision@1 illegal <t'a'>"},
       }) {
    Check(row);
  }
}

TEST(MigrationValue, Unknown) {
  for (const Row& row : std::vector<Row>{
           {"down_revision = get()",
            "down_revision@1 unknown <get()>; 1: a call cannot be evaluated without running Pytho"
            "n: get()"},
           {"down_revision = get('a').b",
            "down_revision@1 unknown <get('a').b>; 1: a call cannot be evaluated without running "
            "Python: get('a').b"},
           {"down_revision = x",
            "down_revision@1 unknown <x>; 1: the value of the name x is not known here: x"},
           {"down_revision = x.y",
            "down_revision@1 unknown <x.y>; 1: an attribute cannot be evaluated without running P"
            "ython: x.y"},
           {"down_revision = x[0]",
            "down_revision@1 unknown <x[0]>; 1: a subscript cannot be evaluated without running P"
            "ython: x[0]"},
           {"down_revision = ('a', 'b')[0]",
            "down_revision@1 unknown <('a', 'b')[0]>; 1: a subscript cannot be evaluated without "
            "running Python: ('a', 'b')[0]"},
           {"down_revision = 'a'.lower()",
            "down_revision@1 unknown <'a'.lower()>; 1: an attribute cannot be evaluated without r"
            "unning Python: 'a'.lower()"},
           {"down_revision = 'a%s' % 'b'",
            "down_revision@1 unknown <'a%s' % 'b'>; 1: string formatting cannot be evaluated with"
            "out running Python: 'a%s' % 'b'"},
           {"down_revision = 'a' if x else 'b'",
            "down_revision@1 unknown <'a' if x else 'b'>; 1: a conditional expression cannot be e"
            "valuated without running Python: 'a' if x else 'b'"},
           {"down_revision = 'a' or 'b'",
            "down_revision@1 unknown <'a' or 'b'>; 1: this expression cannot be evaluated without"
            " running Python: 'a' or 'b'"},
           {"down_revision = not 'a'",
            "down_revision@1 unknown <not 'a'>; 1: this expression cannot be evaluated without ru"
            "nning Python: not 'a'"},
           {"down_revision = lambda: 'a'",
            "down_revision@1 unknown <lambda: 'a'>; 1: a function is not a value that can be read"
            ": lambda: 'a'"},
           {"down_revision = [i for i in 'a']",
            "down_revision@1 unknown <[i for i in 'a']>; 1: a comprehension cannot be evaluated w"
            "ithout running Python: [i for i in 'a']"},
           {"down_revision = {i for i in 'a'}",
            "down_revision@1 unknown <{i for i in 'a'}>; 1: a comprehension cannot be evaluated w"
            "ithout running Python: {i for i in 'a'}"},
           {"down_revision = (i for i in 'a')",
            "down_revision@1 unknown <(i for i in 'a')>; 1: a comprehension cannot be evaluated w"
            "ithout running Python: (i for i in 'a')"},
           {"down_revision = ('a', x)",
            "down_revision@1 unknown <('a', x)>; 1: the value of the name x is not known here: ('"
            "a', x)"},
           {"down_revision = ('a', *x)",
            "down_revision@1 unknown <('a', *x)>; 1: a starred expression cannot be evaluated wit"
            "hout running Python: ('a', *x)"},
           {"down_revision = [*('a',)]",
            "down_revision@1 unknown <[*('a',)]>; 1: a starred expression cannot be evaluated wit"
            "hout running Python: [*('a',)]"},
           {"down_revision = {**x}",
            "down_revision@1 unknown <{**x}>; 1: a starred expression cannot be evaluated without"
            " running Python: {**x}"},
           {"down_revision = 'a' * 2",
            "down_revision@1 unknown <'a' * 2>; 1: this expression cannot be evaluated without ru"
            "nning Python: 'a' * 2"},
           {"down_revision = 'a' == 'b'",
            "down_revision@1 unknown <'a' == 'b'>; 1: this expression cannot be evaluated without"
            " running Python: 'a' == 'b'"},
           {"down_revision = os.environ['A']",
            "down_revision@1 unknown <os.environ['A']>; 1: an attribute cannot be evaluated witho"
            "ut running Python: os.environ['A']"},
           {"down_revision = os.getenv('A')",
            "down_revision@1 unknown <os.getenv('A')>; 1: an attribute cannot be evaluated withou"
            "t running Python: os.getenv('A')"},
           {"down_revision = tuple(['a'])",
            "down_revision@1 unknown <tuple(['a'])>; 1: a call cannot be evaluated without runnin"
            "g Python: tuple(['a'])"},
           {"down_revision = frozenset({'a'})",
            "down_revision@1 unknown <frozenset({'a'})>; 1: a call cannot be evaluated without ru"
            "nning Python: frozenset({'a'})"},
           {"down_revision = await x",
            "down_revision@1 unknown <await x>; 1: a call cannot be evaluated without running Pyt"
            "hon: await x"},
           {"down_revision = 1 + 2",
            "down_revision@1 unknown <1 + 2>; 1: only two strings, tuples or lists can be added h"
            "ere: 1 + 2"},
           {"down_revision = 'a' +",
            "down_revision@1 unknown <'a' +>; 1: this expression cannot be evaluated without runn"
            "ing Python: 'a' +"},
           {"down_revision = ", "down_revision@1 unknown <>; 1: a value is missing"},
           {"down_revision = 'a' 1",
            "down_revision@1 unknown <'a' 1>; 1: this expression cannot be evaluated without runn"
            "ing Python: 'a' 1"},
           {"down_revision = (\n    'a',\n    get(1,\n        2),\n)",
            "down_revision@1 unknown <( 'a', get(1, 2), )>; 3: a call cannot be evaluated without"
            " running Python: ( 'a', get(1, 2), )"},
           {"down_revision = get('aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaa"
            "aaa', 'aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa', )",
            "down_revision@1 unknown <get('aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa',"
            " 'aaaaaaaaaa', 'aa...>; 1: a call cannot be evaluated without running Python: get('a"
            "aaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa', 'aaaaaaaaaa', 'aa..."},
       }) {
    Check(row);
  }
}

}  // namespace
}  // namespace onehead
