package luavm

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"

	"taskbench/internal/source"
)

// LuaJIT's limits (lj_def.h), which gopher-lua does not have.
const (
	maxLocals   = 200 // active at once in a function, hidden loop variables included
	maxUpvalues = 60  // of enclosing functions that one function uses
	maxLevels   = 199 // blocks and expressions in one another
)

// limiter walks a chunk with its scopes, as LuaJIT's parser does.
type limiter struct {
	fn    *functionScope
	level int
	err   *source.Error
	name  string
}

// functionScope is one function while its body is walked.
type functionScope struct {
	parent   *functionScope
	line     int // 0: the main function
	active   []*local
	upvalues map[*local]bool
}

type local struct{ name string }

// checkLimits reports the first place at which LuaJIT would give up.
func checkLimits(name string, src []byte, chunk []ast.Stmt) error {
	l := &limiter{name: name, fn: &functionScope{}}
	l.block(1, chunk)
	if l.err != nil {
		return l.err.In(src)
	}
	return nil
}

func (l *limiter) fail(line int, hint, format string, args ...any) {
	if l.err == nil {
		l.err = source.Errorf(source.Position{File: l.name, Line: line}, hint, format, args...)
	}
}

func (l *limiter) function() string {
	if l.fn.line == 0 {
		return "main function"
	}
	return fmt.Sprintf("function at line %d", l.fn.line)
}

// enter counts one level of nesting; leave it with l.level--.
func (l *limiter) enter(line int) {
	if l.level++; l.level > maxLevels {
		l.fail(line, "build long texts with table.concat, and name the inner parts", "chunk has too many syntax levels for LuaJIT")
	}
}

func (l *limiter) declare(line int, names ...string) {
	for _, name := range names {
		l.fn.active = append(l.fn.active, &local{name})
	}
	if len(l.fn.active) > maxLocals {
		l.fail(line, "put them into a table, or into do … end blocks", "%s has more than %d local variables, LuaJIT's limit", l.function(), maxLocals)
	}
}

// use resolves a name, and counts it as an upvalue of every function between
// its declaration and its use.
func (l *limiter) use(line int, name string) {
	l.fn.resolve(name)
	for fn := l.fn; fn != nil; fn = fn.parent {
		if len(fn.upvalues) > maxUpvalues {
			l.fail(line, "keep them in a table that the function uses", "function at line %d has more than %d upvalues, LuaJIT's limit", fn.line, maxUpvalues)
		}
	}
}

func (fn *functionScope) resolve(name string) *local {
	for i := len(fn.active) - 1; i >= 0; i-- {
		if fn.active[i].name == name {
			return fn.active[i]
		}
	}
	if fn.parent == nil {
		return nil
	}
	found := fn.parent.resolve(name)
	if found != nil {
		if fn.upvalues == nil {
			fn.upvalues = map[*local]bool{}
		}
		fn.upvalues[found] = true
	}
	return found
}

// block walks statements in a scope of their own that begins with names.
func (l *limiter) block(line int, list []ast.Stmt, names ...string) {
	l.scope(line, list, nil, names...)
}

func (l *limiter) scope(line int, list []ast.Stmt, until ast.Expr, names ...string) {
	outer := len(l.fn.active)
	l.enter(line)
	l.declare(line, names...)
	for _, s := range list {
		if l.err == nil {
			l.stmt(s)
		}
	}
	l.expr(until) // of repeat … until, which sees the locals of its block
	l.level--
	l.fn.active = l.fn.active[:outer]
}

func (l *limiter) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		l.exprs(s.Lhs)
		l.exprs(s.Rhs)
	case *ast.LocalAssignStmt:
		l.localAssign(s)
	case *ast.FuncCallStmt:
		l.expr(s.Expr)
	case *ast.DoBlockStmt:
		l.block(s.Line(), s.Stmts)
	case *ast.WhileStmt:
		l.expr(s.Condition)
		l.block(s.Line(), s.Stmts)
	case *ast.RepeatStmt:
		l.scope(s.Line(), s.Stmts, s.Condition)
	case *ast.IfStmt:
		l.conditional(s)
	case *ast.NumberForStmt:
		l.exprs([]ast.Expr{s.Init, s.Limit, s.Step})
		l.block(s.Line(), s.Stmts, "(index)", "(limit)", "(step)", s.Name)
	case *ast.GenericForStmt:
		l.exprs(s.Exprs)
		l.block(s.Line(), s.Stmts, append([]string{"(generator)", "(state)", "(control)"}, s.Names...)...)
	case *ast.FuncDefStmt:
		l.expr(s.Name.Func)
		l.expr(s.Name.Receiver)
		l.body(s.Func, s.Name.Method != "")
	case *ast.ReturnStmt:
		l.exprs(s.Exprs)
	}
}

// localAssign declares before the values where the function may call itself.
func (l *limiter) localAssign(s *ast.LocalAssignStmt) {
	if len(s.Exprs) == 1 && len(s.Names) == 1 {
		if _, ok := s.Exprs[0].(*ast.FunctionExpr); ok {
			l.declare(s.Line(), s.Names...)
			l.exprs(s.Exprs)
			return
		}
	}
	l.exprs(s.Exprs)
	l.declare(s.Line(), s.Names...)
}

// conditional walks if … elseif … else, which the parser nests and LuaJIT
// does not.
func (l *limiter) conditional(s *ast.IfStmt) {
	for {
		l.expr(s.Condition)
		l.block(s.Line(), s.Then)
		if len(s.Else) == 1 {
			if next, ok := s.Else[0].(*ast.IfStmt); ok {
				s = next
				continue
			}
		}
		l.block(s.Line(), s.Else)
		return
	}
}

func (l *limiter) exprs(list []ast.Expr) {
	for _, e := range list {
		l.expr(e)
	}
}

// expr walks a whole expression, which is one level.
func (l *limiter) expr(e ast.Expr) {
	if e == nil || l.err != nil {
		return
	}
	l.enter(e.Line())
	l.part(e)
	l.level--
}

// part walks an expression on the level it stands on: what is right of an
// operator, in brackets or among arguments is a level deeper.
func (l *limiter) part(e ast.Expr) {
	switch e := e.(type) {
	case *ast.IdentExpr:
		l.use(e.Line(), e.Value)
	case *ast.AttrGetExpr:
		l.part(e.Object)
		l.expr(e.Key)
	case *ast.TableExpr:
		for _, f := range e.Fields {
			l.expr(f.Key)
			l.expr(f.Value)
		}
	case *ast.FuncCallExpr:
		if e.Func != nil {
			l.part(e.Func)
		}
		if e.Receiver != nil {
			l.part(e.Receiver)
		}
		l.exprs(e.Args)
	case *ast.FunctionExpr:
		l.body(e, false)
	case *ast.LogicalOpExpr:
		l.operands(e.Lhs, e.Rhs)
	case *ast.RelationalOpExpr:
		l.operands(e.Lhs, e.Rhs)
	case *ast.StringConcatOpExpr:
		l.operands(e.Lhs, e.Rhs)
	case *ast.ArithmeticOpExpr:
		l.operands(e.Lhs, e.Rhs)
	case *ast.UnaryMinusOpExpr:
		l.expr(e.Expr)
	case *ast.UnaryNotOpExpr:
		l.expr(e.Expr)
	case *ast.UnaryLenOpExpr:
		l.expr(e.Expr)
	}
}

func (l *limiter) operands(left, right ast.Expr) {
	l.part(left)
	l.expr(right)
}

func (l *limiter) body(f *ast.FunctionExpr, method bool) {
	l.fn = &functionScope{parent: l.fn, line: f.Line()}
	names := f.ParList.Names
	if method {
		names = append([]string{"self"}, names...)
	}
	l.block(f.Line(), f.Stmts, names...)
	l.fn = l.fn.parent
}
