package luavm

import "github.com/yuin/gopher-lua/ast"

// nameConcat is a helper function that readies one operand of "..". Its name
// cannot be written in Lua, so no script can meet or replace it.
const nameConcat = "(concat)"

// rewriter replaces the operators that gopher-lua, which cannot be told
// otherwise, evaluates differently from LuaJIT: ".." writes numbers by "%.14g".
type rewriter struct{}

func rewrite(chunk []ast.Stmt) { rewriter{}.stmts(chunk) }

func (r rewriter) stmts(list []ast.Stmt) {
	for _, s := range list {
		r.stmt(s)
	}
}

func (r rewriter) exprs(list []ast.Expr) {
	for i := range list {
		list[i] = r.expr(list[i])
	}
}

func (r rewriter) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		r.exprs(s.Lhs)
		r.exprs(s.Rhs)
	case *ast.LocalAssignStmt:
		r.exprs(s.Exprs)
	case *ast.FuncCallStmt:
		s.Expr = r.expr(s.Expr)
	case *ast.DoBlockStmt:
		r.stmts(s.Stmts)
	case *ast.WhileStmt:
		s.Condition = r.expr(s.Condition)
		r.stmts(s.Stmts)
	case *ast.RepeatStmt:
		s.Condition = r.expr(s.Condition)
		r.stmts(s.Stmts)
	case *ast.IfStmt:
		s.Condition = r.expr(s.Condition)
		r.stmts(s.Then)
		r.stmts(s.Else)
	case *ast.NumberForStmt:
		s.Init, s.Limit, s.Step = r.expr(s.Init), r.expr(s.Limit), r.expr(s.Step)
		r.stmts(s.Stmts)
	case *ast.GenericForStmt:
		r.exprs(s.Exprs)
		r.stmts(s.Stmts)
	case *ast.FuncDefStmt:
		r.stmts(s.Func.Stmts)
	case *ast.ReturnStmt:
		r.exprs(s.Exprs)
	}
}

func (r rewriter) expr(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.AttrGetExpr:
		e.Object, e.Key = r.expr(e.Object), r.expr(e.Key)
	case *ast.TableExpr:
		for _, f := range e.Fields {
			f.Key, f.Value = r.expr(f.Key), r.expr(f.Value)
		}
	case *ast.FuncCallExpr:
		e.Func, e.Receiver = r.expr(e.Func), r.expr(e.Receiver)
		r.exprs(e.Args)
	case *ast.FunctionExpr:
		r.stmts(e.Stmts)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.ArithmeticOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.UnaryMinusOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.UnaryNotOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.UnaryLenOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.StringConcatOpExpr:
		e.Lhs, e.Rhs = r.operand(e.Lhs), r.operand(e.Rhs)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	}
	return e
}

func (r rewriter) operand(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.StringExpr:
		return e
	case *ast.StringConcatOpExpr: // a..b..c: its parts are readied one by one
		return r.expr(e)
	}
	return helper(e, nameConcat, r.expr(e))
}

func helper(at ast.Expr, name string, args ...ast.Expr) ast.Expr {
	f := &ast.IdentExpr{Value: name}
	call := &ast.FuncCallExpr{Func: f, Args: args, AdjustRet: true}
	f.SetLine(at.Line())
	f.SetLastLine(at.Line())
	for _, arg := range args {
		if arg.Line() == 0 {
			arg.SetLine(at.Line())
			arg.SetLastLine(at.Line())
		}
	}
	call.SetLine(at.Line())
	call.SetLastLine(at.LastLine())
	return call
}
