package luavm

import (
	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"

	"taskbench/internal/luavm/syntax"
)

// program is a compiled chunk. Its upvalues are the helpers that rewritten code
// needs.
type program struct {
	proto     *lua.FunctionProto
	constants []lua.LValue // moved out of the chunk
}

// Names of the helpers. They cannot be written in Lua, so no script can meet or
// replace them; they are local variables, so none loses them by setfenv.
const (
	nameConcat    = "(concat)"    // a function that readies one operand of ".."
	nameGlobals   = "(globals)"   // the table of globals
	nameConstants = "(constants)" // a tree of tables
)

// gopher-lua looks for a constant among all others of its function, one by one:
// many take time that grows with their square. So a function keeps the first
// few, and fetches others from a tree with small numbers as keys.
const (
	maxConstants = 64
	treeWidth    = 64
)

// rewriter replaces what gopher-lua, which cannot be told otherwise, does
// differently from LuaJIT: ".." writes numbers by "%.14g", and constants, as above.
type rewriter struct {
	globals map[*ast.IdentExpr]bool
	own     map[lua.LValue]bool // constants of the function at hand
	moved   []lua.LValue
	places  map[lua.LValue]int // in moved
}

// rewrite gives a chunk whose only function is the one in question, with the
// helpers around it, and the constants that were moved.
func rewrite(chunk syntax.Chunk) ([]ast.Stmt, []lua.LValue) {
	r := &rewriter{globals: chunk.Globals, own: map[lua.LValue]bool{}, places: map[lua.LValue]int{}}
	r.stmts(chunk.Stmts)
	main := &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: true}, Stmts: chunk.Stmts}
	helpers := &ast.LocalAssignStmt{Names: []string{nameConcat, nameGlobals, nameConstants}, Exprs: []ast.Expr{&ast.Comma3Expr{}}}
	return []ast.Stmt{helpers, &ast.ReturnStmt{Exprs: []ast.Expr{main}}}, r.moved
}

// function makes the function of a chunk in this state.
func (s *state) function(p program) *lua.LFunction {
	f := s.L.NewFunctionFromProto(p.proto)
	helpers := map[string]lua.LValue{
		nameConcat: s.L.NewFunction(concatOperand), nameGlobals: s.L.G.Global, nameConstants: s.tree(p.constants),
	}
	for i, name := range p.proto.DbgUpvalues {
		f.Upvalues[i] = &lua.Upvalue{}
		f.Upvalues[i].Close() // it holds its value itself
		f.Upvalues[i].SetValue(helpers[name])
	}
	return f
}

// tree holds constants three levels deep.
func (s *state) tree(constants []lua.LValue) *lua.LTable {
	root := s.L.NewTable()
	var middle, leaf *lua.LTable
	for i, v := range constants {
		if i%(treeWidth*treeWidth) == 0 {
			middle = s.L.NewTable()
			root.RawSetInt(i/(treeWidth*treeWidth)+1, middle)
		}
		if i%treeWidth == 0 {
			leaf = s.L.NewTable()
			middle.RawSetInt(i/treeWidth%treeWidth+1, leaf)
		}
		leaf.RawSetInt(i%treeWidth+1, v)
	}
	return root
}

// constant leaves a literal in its function, or fetches it from the tree.
func (r *rewriter) constant(e ast.Expr, v lua.LValue) ast.Expr {
	if r.keeps(v) {
		return e
	}
	i, ok := r.places[v]
	if !ok {
		i = len(r.moved)
		r.moved = append(r.moved, v)
		r.places[v] = i
	}
	var at ast.Expr = placed(&ast.IdentExpr{Value: nameConstants}, e)
	for _, key := range []int{i / (treeWidth * treeWidth), i / treeWidth % treeWidth, i % treeWidth} {
		number := placed(&ast.NumberExpr{Value: lua.LNumber(key + 1).String()}, e)
		at = placed(&ast.AttrGetExpr{Object: at, Key: number}, e)
	}
	return at
}

// keeps counts a constant of the function at hand.
func (r *rewriter) keeps(v lua.LValue) bool {
	if !r.own[v] && len(r.own) >= maxConstants {
		return false
	}
	r.own[v] = true
	return true
}

// name is a variable: the names of globals are constants, too.
func (r *rewriter) name(e *ast.IdentExpr) ast.Expr {
	if !r.globals[e] || r.keeps(lua.LString(e.Value)) {
		return e
	}
	key := r.constant(placed(&ast.StringExpr{Value: e.Value}, e), lua.LString(e.Value))
	return placed(&ast.AttrGetExpr{Object: placed(&ast.IdentExpr{Value: nameGlobals}, e), Key: key}, e)
}

// placed puts a node on the lines of another.
func placed[N ast.PositionHolder](n N, at ast.Expr) N {
	n.SetLine(at.Line())
	n.SetLastLine(at.LastLine())
	return n
}

func (r *rewriter) stmts(list []ast.Stmt) {
	for _, s := range list {
		r.stmt(s)
	}
}

func (r *rewriter) exprs(list []ast.Expr) {
	for i := range list {
		list[i] = r.expr(list[i])
	}
}

func (r *rewriter) stmt(s ast.Stmt) {
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
		s.Name.Func, s.Name.Receiver = r.expr(s.Name.Func), r.expr(s.Name.Receiver)
		r.body(s.Func)
	case *ast.ReturnStmt:
		r.exprs(s.Exprs)
	}
}

// body rewrites a function, which has constants of its own.
func (r *rewriter) body(f *ast.FunctionExpr) {
	outer := r.own
	r.own = map[lua.LValue]bool{}
	r.stmts(f.Stmts)
	r.own = outer
}

func (r *rewriter) expr(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.IdentExpr:
		return r.name(e)
	case *ast.StringExpr:
		return r.constant(e, lua.LString(e.Value))
	case *ast.NumberExpr:
		if v, ok := parseNumber(e.Value); ok {
			return r.constant(e, lua.LNumber(v))
		}
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
		r.body(e)
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

// operand readies one side of "..".
func (r *rewriter) operand(e ast.Expr) ast.Expr {
	switch e.(type) {
	case *ast.StringExpr, *ast.StringConcatOpExpr: // of a..b..c, parts are readied one by one
		return r.expr(e)
	}
	ready := placed(&ast.IdentExpr{Value: nameConcat}, e)
	return placed(&ast.FuncCallExpr{Func: ready, Args: []ast.Expr{r.expr(e)}, AdjustRet: true}, e)
}
